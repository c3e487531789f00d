/* ---
title = "Cache takes encrypted connections"
description = """
Sessions and query results cross the network between application and cache. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "gcp"
resource_type = "redis.googleapis.com/Instance"
--- */
WITH caches AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.transitEncryptionMode', 'DISABLED') AS mode
    FROM inventory.resources
    WHERE type = 'redis.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN mode = 'SERVER_AUTHENTICATION' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN mode = 'SERVER_AUTHENTICATION' THEN 'encrypted in transit'
        ELSE 'not encrypted in transit'
    END AS reason
FROM caches
ORDER BY resource_key;
