/* ---
title = "Deleted blobs can be brought back"
description = """
Soft delete keeps deleted blobs for some days. They have to be kept for min_days (7). Accounts for files only have no
blob service.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_days"
type = "integer"
default = 7
description = "The fewest days that deleted blobs are kept."

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        list_contains(unread, 'blobServices') OR NOT json_exists(config, '$.blobServices') AS is_unread,
        config ->> '$.kind' = 'FileStorage' AS is_files_only,
        coalesce(CAST(config ->> '$.blobServices.properties.deleteRetentionPolicy.enabled' AS BOOLEAN), false)
            AS is_on,
        CAST(config ->> '$.blobServices.properties.deleteRetentionPolicy.days' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_files_only THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN NOT is_on THEN 'fail'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_files_only THEN 'no blobs in this kind of account'
        WHEN is_unread THEN 'the blob service could not be read'
        WHEN NOT is_on THEN 'soft delete is off'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'deleted blobs kept for ' || days || ' days'
        ELSE 'deleted blobs kept for ' || coalesce(days, 0) || ' days only'
    END AS reason
FROM accounts
ORDER BY resource_key;
