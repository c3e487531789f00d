/* ---
title = "Storage account takes encrypted transfers only"
description = """
Requests over plain HTTP and unencrypted SMB are refused. Looks at the secure transfer setting.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.supportsHttpsTrafficOnly', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_on THEN 'secure transfer required'
        ELSE 'plain HTTP is accepted'
    END AS reason
FROM resources
ORDER BY resource_key;
