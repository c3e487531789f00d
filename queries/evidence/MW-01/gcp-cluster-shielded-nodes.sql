/* ---
title = "Cluster runs on shielded nodes"
description = """
Nodes prove who they are and what they started. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "MW-01"
criteria = ["CC6.8"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.shieldedNodes.enabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'shielded nodes'
        ELSE 'nodes are not shielded'
    END AS reason
FROM settings
ORDER BY resource_key;
