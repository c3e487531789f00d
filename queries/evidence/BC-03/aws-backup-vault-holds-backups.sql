/* ---
title = "Backup vault holds something to restore"
description = """
A restore test needs a recovery point. A vault without any shows that a plan does not reach what it was made for.
"""
tables = ["inventory.resources"]

[check]
control = "BC-03"
criteria = ["A1.2", "A1.3", "CC7.5"]
provider = "aws"
resource_type = "AWS::Backup::BackupVault"
--- */
WITH vaults AS (
    SELECT
        resource_key,
        CAST(config ->> '$.NumberOfRecoveryPoints' AS BIGINT) AS recovery_points
    FROM inventory.resources
    WHERE type = 'AWS::Backup::BackupVault'
)
SELECT
    resource_key,
    CASE
        WHEN recovery_points IS NULL THEN 'unknown'
        WHEN recovery_points > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN recovery_points IS NULL THEN 'the number of recovery points is not in the answer'
        WHEN recovery_points > 0 THEN 'recovery points: ' || recovery_points
        ELSE 'no recovery points'
    END AS reason
FROM vaults
ORDER BY resource_key;
