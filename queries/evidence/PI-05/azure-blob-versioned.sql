/* ---
title = "Blobs keep earlier versions"
description = """
With versioning a blob that is overwritten can be brought back. Accounts for files only, and those with a hierarchical
namespace, can't version.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        list_contains(unread, 'blobServices') OR NOT json_exists(config, '$.blobServices') AS is_unread,
        config ->> '$.kind' = 'FileStorage' AS is_files_only,
        coalesce(CAST(config ->> '$.properties.isHnsEnabled' AS BOOLEAN), false) AS is_hierarchical,
        coalesce(CAST(config ->> '$.blobServices.properties.isVersioningEnabled' AS BOOLEAN), false) AS is_versioned
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_files_only THEN 'not_applicable'
        WHEN is_hierarchical THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN is_versioned THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_files_only THEN 'no blobs in this kind of account'
        WHEN is_hierarchical THEN 'hierarchical namespace'
        WHEN is_unread THEN 'the blob service could not be read'
        WHEN is_versioned THEN 'versioning is on'
        ELSE 'versioning is off'
    END AS reason
FROM accounts
ORDER BY resource_key;
