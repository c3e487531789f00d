/* ---
title = "Cache takes encrypted connections only"
description = """
Sessions and query results cross the network between application and cache. Looks at the in-transit encryption of
each replication group.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::ElastiCache::ReplicationGroup"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.TransitEncryptionEnabled', 'false') = 'true' AS is_on
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
        WHEN is_on THEN 'encrypted in transit'
        ELSE 'not encrypted in transit'
    END AS reason
FROM settings
ORDER BY resource_key;
