/* ---
title = "Backup plan deletes old recovery points"
description = """
Backups keep what was deleted elsewhere. Passes where every rule of the plan states when its recovery points go.
"""
tables = ["inventory.resources"]

[check]
control = ["DP-07", "CF-02"]
criteria = ["CC6.5", "C1.2", "P4.2", "P4.3"]
provider = "aws"
resource_type = "AWS::Backup::BackupPlan"
--- */
WITH plans AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBackupPlan') OR NOT json_exists(config, '$.GetBackupPlan') AS is_unread,
        len(list_filter(
            json_extract(config, '$.GetBackupPlan.BackupPlan.Rules[*]'),
            lambda rule: (rule ->> '$.Lifecycle.DeleteAfterDays') IS NULL
        )) AS endless_rules
    FROM inventory.resources
    WHERE type = 'AWS::Backup::BackupPlan'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN endless_rules > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the plan could not be read'
        WHEN endless_rules > 0 THEN endless_rules || ' rules never delete'
        ELSE 'every rule deletes'
    END AS reason
FROM plans
ORDER BY resource_key;
