/* ---
title = "Backup plan of a cluster is running"
description = """
A plan that is deactivated, or that has no schedule, makes no backups. The API leaves a false out, so an absent
deactivated means active.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "gkebackup.googleapis.com/BackupPlan"
--- */
WITH plans AS (
    SELECT
        resource_key,
        coalesce(CAST(config ->> '$.deactivated' AS BOOLEAN), false) AS is_deactivated,
        coalesce(
            config ->> '$.backupSchedule.cronSchedule', config ->> '$.backupSchedule.rpoConfig.targetRpoMinutes'
        ) AS schedule,
        coalesce(CAST(config ->> '$.backupSchedule.paused' AS BOOLEAN), false) AS is_paused
    FROM inventory.resources
    WHERE type = 'gkebackup.googleapis.com/BackupPlan'
)
SELECT
    resource_key,
    CASE
        WHEN is_deactivated THEN 'fail'
        WHEN schedule IS NULL THEN 'fail'
        WHEN is_paused THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_deactivated THEN 'deactivated'
        WHEN schedule IS NULL THEN 'no schedule'
        WHEN is_paused THEN 'the schedule is paused'
        ELSE 'active, schedule ' || schedule
    END AS reason
FROM plans
ORDER BY resource_key;
