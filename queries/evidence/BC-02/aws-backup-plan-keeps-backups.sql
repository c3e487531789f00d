/* ---
title = "Backup plan keeps what it makes for long enough"
description = """
The longest-kept rule of a plan decides how late a loss may be noticed. It has to keep recovery points for min_days
(30), or without an end.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_days"
type = "integer"
default = 30
description = "The fewest days that the longest-kept backups are kept."

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "aws"
resource_type = "AWS::Backup::BackupPlan"
--- */
WITH plans AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBackupPlan') OR NOT json_exists(config, '$.GetBackupPlan') AS is_unread,
        len(json_extract(config, '$.GetBackupPlan.BackupPlan.Rules[*]')) AS rules,
        list_max(
            list_transform(
                json_extract(config, '$.GetBackupPlan.BackupPlan.Rules[*]'),
                lambda rule: coalesce(CAST(rule ->> '$.Lifecycle.DeleteAfterDays' AS INTEGER), 999999)
            )
        ) AS longest_days
    FROM inventory.resources
    WHERE type = 'AWS::Backup::BackupPlan'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN rules = 0 THEN 'fail'
        WHEN longest_days = 999999 THEN 'pass'
        WHEN longest_days >= coalesce(getvariable('min_days'), 30) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the plan could not be read'
        WHEN rules = 0 THEN 'the plan has no rules'
        WHEN longest_days = 999999 THEN 'kept without an end'
        WHEN longest_days >= coalesce(getvariable('min_days'), 30) THEN 'kept for up to ' || longest_days || ' days'
        ELSE 'kept for at most ' || longest_days || ' days'
    END AS reason
FROM plans
ORDER BY resource_key;
