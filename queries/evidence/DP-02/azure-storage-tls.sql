/* ---
title = "Storage account accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. An account without a lowest version accepts TLS 1.0.
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
        config ->> '$.properties.minimumTlsVersion' AS version
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN version IS NULL THEN 'fail'
        WHEN version IN ('TLS1_2', 'TLS1_3') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN version IS NULL THEN 'no lowest version set'
        WHEN version IN ('TLS1_2', 'TLS1_3') THEN 'lowest version ' || version
        ELSE 'lowest version ' || version
    END AS reason
FROM resources
ORDER BY resource_key;
