/* ---
title = "Cloud SQL instance can be brought back to any moment"
description = """
A nightly backup loses up to a day. Point-in-time recovery (binary logs on MySQL) closes that. Absent counts as off
within a backup configuration that was answered.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.instanceType' = 'READ_REPLICA_INSTANCE' AS is_replica,
        json_exists(config, '$.settings.backupConfiguration') AS is_answered,
        coalesce(CAST(config ->> '$.settings.backupConfiguration.pointInTimeRecoveryEnabled' AS BOOLEAN), false)
        OR coalesce(CAST(config ->> '$.settings.backupConfiguration.binaryLogEnabled' AS BOOLEAN), false) AS is_on
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN is_replica THEN 'not_applicable'
        WHEN NOT is_answered THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_replica THEN 'a read replica'
        WHEN NOT is_answered THEN 'the backup configuration is not in the answer'
        WHEN is_on THEN 'point-in-time recovery is on'
        ELSE 'point-in-time recovery is off'
    END AS reason
FROM instances
ORDER BY resource_key;
