/* ---
title = "Cluster takes identities of the directory only"
description = """
Local accounts of a cluster are certificates that no directory can take back. They have to be switched off.
"""
tables = ["inventory.resources"]

[check]
control = "AC-01"
criteria = ["CC6.1", "CC6.2"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.disableLocalAccounts' AS setting
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
        WHEN setting = 'true' THEN 'local accounts are off'
        WHEN setting IS NULL THEN 'local accounts were never switched off'
        ELSE 'local accounts are on'
    END AS reason
FROM resources
ORDER BY resource_key;
