/* ---
title = "Cache fails over by itself"
description = """
With automatic failover a replica takes over when the primary node is lost.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::ElastiCache::ReplicationGroup"
--- */
WITH caches AS (
    SELECT
        resource_key,
        config ->> '$.AutomaticFailover' AS failover,
        coalesce(config ->> '$.MultiAZ', 'disabled') AS multi_zone
    FROM inventory.resources
    WHERE type = 'AWS::ElastiCache::ReplicationGroup'
)
SELECT
    resource_key,
    CASE
        WHEN failover IS NULL THEN 'unknown'
        WHEN failover IN ('enabled', 'enabling') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN failover IS NULL THEN 'failover is not in the answer'
        WHEN failover IN ('enabled', 'enabling') THEN 'automatic failover, several zones ' || multi_zone
        ELSE 'automatic failover ' || failover
    END AS reason
FROM caches
ORDER BY resource_key;
