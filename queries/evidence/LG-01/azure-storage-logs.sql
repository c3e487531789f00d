/* ---
title = "Storage account records access to objects"
description = """
Who read which object shows in the logs of the blob service. Passes where a diagnostic setting sends at least one
log category, or a group of them, somewhere.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'diagnosticSettings') OR NOT json_exists(config, '$.diagnosticSettings') AS is_unread,
        len(list_filter(
            json_extract(config, '$.diagnosticSettings[*].properties.logs[*]'),
            lambda log: (log ->> '$.enabled') = 'true'
        )) AS enabled_logs
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN enabled_logs > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the diagnostic settings could not be read'
        WHEN enabled_logs > 0 THEN enabled_logs || ' log settings are on'
        ELSE 'no log is sent anywhere'
    END AS reason
FROM resources
ORDER BY resource_key;
