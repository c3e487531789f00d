/* ---
title = "Cosmos DB backups reach back a week"
description = """
Continuous backup brings an account back to any moment; periodic backup keeps as little as eight hours by default.
Periodic passes from min_hours (168) on.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_hours"
type = "integer"
default = 168
description = "The fewest hours that periodic backups are kept."

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "azure"
resource_type = "microsoft.documentdb/databaseaccounts"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        config ->> '$.properties.backupPolicy.type' AS backup_type,
        CAST(
            config ->> '$.properties.backupPolicy.periodicModeProperties.backupRetentionIntervalInHours' AS INTEGER
        ) AS hours
    FROM inventory.resources
    WHERE type = 'microsoft.documentdb/databaseaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN backup_type IS NULL THEN 'unknown'
        WHEN backup_type = 'Continuous' THEN 'pass'
        WHEN hours IS NULL THEN 'unknown'
        WHEN hours >= coalesce(getvariable('min_hours'), 168) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN backup_type IS NULL THEN 'the backup policy is not in the answer'
        WHEN backup_type = 'Continuous' THEN 'continuous backup'
        WHEN hours IS NULL THEN 'periodic, retention is not in the answer'
        WHEN hours >= coalesce(getvariable('min_hours'), 168) THEN 'periodic, kept for ' || hours || ' hours'
        ELSE 'periodic, kept for ' || hours || ' hours only'
    END AS reason
FROM accounts
ORDER BY resource_key;
