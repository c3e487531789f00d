/* ---
title = "Cache is encrypted at rest"
description = """
Caches write sessions and query results to disk in backups and swaps. Looks at the at-rest encryption of each
replication group.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::ElastiCache::ReplicationGroup"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.AtRestEncryptionEnabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::ElastiCache::ReplicationGroup'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'encrypted at rest'
        ELSE 'not encrypted at rest'
    END AS reason
FROM settings
ORDER BY resource_key;
