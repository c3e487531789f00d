/* ---
title = "Cloud SQL instance is backed up"
description = """
Automated backups are off unless they were asked for. The API leaves a false out, so absent counts as off within a
backup configuration that was answered. Read replicas are brought back from their source.
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
        coalesce(CAST(config ->> '$.settings.backupConfiguration.enabled' AS BOOLEAN), false) AS is_on
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
        WHEN is_on THEN 'automated backups are on'
        ELSE 'automated backups are off'
    END AS reason
FROM instances
ORDER BY resource_key;
