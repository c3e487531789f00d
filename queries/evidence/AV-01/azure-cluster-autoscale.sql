/* ---
title = "Kubernetes node pool can grow"
description = """
Pods that find no room wait. At least one node pool of a cluster has to scale by itself.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        json_extract(config, '$.properties.agentPoolProfiles[*]') AS pools
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
)
SELECT
    resource_key,
    CASE
        WHEN len(pools) = 0 THEN 'unknown'
        WHEN len(list_filter(pools, lambda pool: (pool ->> '$.enableAutoScaling') = 'true')) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(pools) = 0 THEN 'node pools are not in the answer'
        WHEN len(list_filter(pools, lambda pool: (pool ->> '$.enableAutoScaling') = 'true')) > 0
            THEN 'a pool scales by itself'
        ELSE 'no pool scales by itself'
    END AS reason
FROM clusters
ORDER BY resource_key;
