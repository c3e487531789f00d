/* ---
title = "Cache is snapshotted"
description = """
Where a cache holds sessions or queues that can't be made anew, its loss is loss of data. Daily snapshots are on when
their retention is above zero; the answer leaves the member out only for engines without snapshots.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "aws"
resource_type = "AWS::ElastiCache::ReplicationGroup"
--- */
WITH caches AS (
    SELECT
        resource_key,
        CAST(config ->> '$.SnapshotRetentionLimit' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'AWS::ElastiCache::ReplicationGroup'
)
SELECT
    resource_key,
    CASE
        WHEN days IS NULL THEN 'unknown'
        WHEN days > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN days IS NULL THEN 'snapshot retention is not in the answer'
        WHEN days > 0 THEN 'snapshots kept for ' || days || ' days'
        ELSE 'snapshots are off'
    END AS reason
FROM caches
ORDER BY resource_key;
