/* ---
title = "Backup vault enforces a retention"
description = """
The enforced retention keeps everybody, administrators too, from deleting backups before their time. It has to be
min_days (7) at least.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_days"
type = "integer"
default = 7
description = "The fewest days of enforced retention."

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "backupdr.googleapis.com/BackupVault"
--- */
WITH vaults AS (
    SELECT
        resource_key,
        try_cast(rtrim(config ->> '$.backupMinimumEnforcedRetentionDuration', 's') AS DOUBLE) / 86400 AS days
    FROM inventory.resources
    WHERE type = 'backupdr.googleapis.com/BackupVault'
)
SELECT
    resource_key,
    CASE
        WHEN days IS NULL THEN 'unknown'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN days IS NULL THEN 'the retention is not in the answer'
        WHEN days >= coalesce(getvariable('min_days'), 7) THEN 'enforced for ' || round(days) || ' days'
        ELSE 'enforced for ' || round(days, 1) || ' days only'
    END AS reason
FROM vaults
ORDER BY resource_key;
