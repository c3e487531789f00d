/* ---
title = "SQL server accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. A server without a lowest version accepts them all.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.sql/servers"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        config ->> '$.properties.minimalTlsVersion' AS version
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN version IS NULL THEN 'fail'
        WHEN version IN ('1.2', '1.3') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN version IS NULL THEN 'no lowest version set'
        WHEN version IN ('1.2', '1.3') THEN 'lowest version ' || version
        ELSE 'lowest version ' || version
    END AS reason
FROM resources
ORDER BY resource_key;
