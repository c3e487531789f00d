/* ---
title = "Cache has no plain port"
description = """
The port without TLS is off. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.cache/redis"
--- */
WITH caches AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.enableNonSslPort', 'false') = 'true' AS has_plain_port
    FROM inventory.resources
    WHERE type = 'microsoft.cache/redis'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN has_plain_port THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN has_plain_port THEN 'the plain port is open'
        ELSE 'TLS port only'
    END AS reason
FROM caches
ORDER BY resource_key;
