/* ---
title = "Warehouse snapshots are kept"
description = """
A Redshift cluster makes snapshots by itself unless their retention is set to zero.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "aws"
resource_type = "AWS::Redshift::Cluster"
--- */
WITH warehouses AS (
    SELECT
        resource_key,
        CAST(config ->> '$.AutomatedSnapshotRetentionPeriod' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'AWS::Redshift::Cluster'
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
        ELSE 'automated snapshots are off'
    END AS reason
FROM warehouses
ORDER BY resource_key;
