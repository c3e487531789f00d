/* ---
title = "Kubernetes node pool can grow"
description = """
Pods that find no room wait. The API leaves autoscaling out where it is off.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "gcp"
resource_type = "container.googleapis.com/NodePool"
--- */
WITH pools AS (
    SELECT
        resource_key,
        coalesce(CAST(config ->> '$.autoscaling.enabled' AS BOOLEAN), false) AS is_on,
        config ->> '$.autoscaling.maxNodeCount' AS max_nodes
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/NodePool'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'grows to ' || coalesce(max_nodes, 'its total limit') || ' nodes'
        ELSE 'fixed size'
    END AS reason
FROM pools
ORDER BY resource_key;
