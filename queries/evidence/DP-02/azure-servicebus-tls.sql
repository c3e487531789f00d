/* ---
title = "Service bus namespace accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. Looks at the lowest version of each namespace.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.servicebus/namespaces"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        config ->> '$.properties.minimumTlsVersion' AS version
    FROM inventory.resources
    WHERE type = 'microsoft.servicebus/namespaces'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN version IS NULL THEN 'unknown'
        WHEN version IN ('1.2', '1.3') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN version IS NULL THEN 'no lowest version stated'
        WHEN version IN ('1.2', '1.3') THEN 'lowest version ' || version
        ELSE 'lowest version ' || version
    END AS reason
FROM resources
ORDER BY resource_key;
