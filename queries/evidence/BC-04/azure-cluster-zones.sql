/* ---
title = "Kubernetes nodes are spread over zones"
description = """
A node pool without zones is placed in one data centre. Every pool of the cluster has to name two zones at least.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
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
        WHEN len(
            list_filter(pools, lambda pool: coalesce(json_array_length(pool, '$.availabilityZones'), 0) < 2)
        ) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(pools) = 0 THEN 'node pools are not in the answer'
        WHEN len(
            list_filter(pools, lambda pool: coalesce(json_array_length(pool, '$.availabilityZones'), 0) < 2)
        ) = 0 THEN 'all ' || len(pools) || ' pools are spread over zones'
        ELSE 'a pool lies in one zone or none'
    END AS reason
FROM clusters
ORDER BY resource_key;
