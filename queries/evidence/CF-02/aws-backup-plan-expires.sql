/* ---
title = "Backup plan lets its backups go"
description = """
A rule without an end keeps copies of data that its store has long erased. Every rule of the plan has to name the days
after which recovery points go.
"""
tables = ["inventory.resources"]

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "aws"
resource_type = "AWS::Backup::BackupPlan"
--- */
WITH plans AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBackupPlan') OR NOT json_exists(config, '$.GetBackupPlan') AS is_unread,
        len(
            list_filter(
                json_extract(config, '$.GetBackupPlan.BackupPlan.Rules[*]'),
                lambda rule: (rule ->> '$.Lifecycle.DeleteAfterDays') IS NULL
            )
        ) AS endless_rules
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
        WHEN endless_rules > 0 THEN 'rules without an end: ' || endless_rules
        ELSE 'every rule has an end'
    END AS reason
FROM plans
ORDER BY resource_key;
