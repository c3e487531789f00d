/* ---
title = "Cluster gives workloads identities of their own"
description = """
With workload identity a pod acts as its own service account; without it, every pod has the rights of the node. Google
leaves the pool out where it is off.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        config ->> '$.workloadIdentityConfig.workloadPool' AS pool
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)

SELECT
    resource_key,
    CASE
        WHEN pool IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN pool IS NOT NULL THEN 'pool ' || pool
        ELSE 'workload identity is off'
    END AS reason
FROM clusters
ORDER BY resource_key;
