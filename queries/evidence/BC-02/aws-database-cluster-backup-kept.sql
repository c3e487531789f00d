/* ---
title = "Database cluster backups are kept for days"
description = """
Aurora and multi-zone clusters always make backups, by default for one day only. They have to be kept for min_days (7)
at least.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_days"
type = "integer"
default = 7
description = "The fewest days that backups are kept."

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "aws"
resource_type = "AWS::RDS::DBCluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        CAST(config ->> '$.BackupRetentionPeriod' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBCluster'
)
SELECT
    resource_key,
    CASE
        WHEN days IS NULL THEN 'unknown'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN days IS NULL THEN 'retention is not in the answer'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'backups kept for ' || days || ' days'
        ELSE 'backups kept for ' || days || ' days only'
    END AS reason
FROM clusters
ORDER BY resource_key;
