/* ---
title = "Backup vault is locked against deletion"
description = """
Ransomware goes for the backups first. A vault lock keeps everybody, administrators too, from deleting recovery points
before their time. Vaults that hold nothing have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "aws"
resource_type = "AWS::Backup::BackupVault"
--- */
WITH vaults AS (
    SELECT
        resource_key,
        CAST(config ->> '$.Locked' AS BOOLEAN) AS is_locked,
        CAST(config ->> '$.NumberOfRecoveryPoints' AS BIGINT) AS recovery_points
    FROM inventory.resources
    WHERE type = 'AWS::Backup::BackupVault'
)
SELECT
    resource_key,
    CASE
        WHEN recovery_points = 0 THEN 'not_applicable'
        WHEN is_locked IS NULL THEN 'unknown'
        WHEN is_locked THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN recovery_points = 0 THEN 'the vault is empty'
        WHEN is_locked IS NULL THEN 'the lock is not in the answer'
        WHEN is_locked THEN 'locked'
        ELSE 'not locked' || coalesce(', recovery points: ' || recovery_points, '')
    END AS reason
FROM vaults
ORDER BY resource_key;
