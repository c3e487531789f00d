/* ---
title = "Cluster limits traffic between pods"
description = """
Without network policies one pod that is taken over reaches all others. A policy engine (azure, calico or cilium) has
to be set.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        nullif(config ->> '$.properties.networkProfile.networkPolicy', 'none') AS policy
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN policy IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        ELSE coalesce('network policy: ' || policy, 'no network policy')
    END AS reason
FROM resources
ORDER BY resource_key;
