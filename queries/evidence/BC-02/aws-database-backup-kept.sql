/* ---
title = "Database backups are kept for days"
description = """
Automated backups are what a database is brought back from; kept for less than min_days (7), damage that is noticed
late can't be undone. Aurora members are backed up by their cluster, and replicas from their source.
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
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        resource_key,
        CAST(config ->> '$.BackupRetentionPeriod' AS INTEGER) AS days,
        config ->> '$.DBClusterIdentifier' IS NOT NULL AS is_cluster_member,
        config ->> '$.ReadReplicaSourceDBInstanceIdentifier' IS NOT NULL AS is_replica
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN is_cluster_member THEN 'not_applicable'
        WHEN is_replica THEN 'not_applicable'
        WHEN days IS NULL THEN 'unknown'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'pass'
        WHEN days = 0 THEN 'fail'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_cluster_member THEN 'backed up by its cluster'
        WHEN is_replica THEN 'a read replica'
        WHEN days IS NULL THEN 'retention is not in the answer'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'backups kept for ' || days || ' days'
        WHEN days = 0 THEN 'automated backups are off'
        ELSE 'backups kept for ' || days || ' days only'
    END AS reason
FROM databases
ORDER BY resource_key;
