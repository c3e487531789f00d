/* ---
title = "Cluster gives workloads identities of the directory"
description = """
With workload identity a pod gets a short-lived token of its own; without it, secrets are put into the cluster.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.securityProfile.workloadIdentity.enabled' AS setting
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN setting = 'true' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN setting = 'true' THEN 'workload identity is on'
        WHEN setting IS NULL THEN 'workload identity is off, as by default'
        ELSE 'workload identity is off'
    END AS reason
FROM resources
ORDER BY resource_key;
