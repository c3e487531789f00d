/* ---
title = "Recovery vault keeps deleted backups for a time"
description = """
Soft delete gives back recovery points that were deleted by mistake or in anger. It is on by default, so an answer
without the member is unknown and not off.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "azure"
resource_type = "microsoft.recoveryservices/vaults"
--- */
WITH vaults AS (
    SELECT
        resource_key,
        config ->> '$.properties.securitySettings.softDeleteSettings.softDeleteState' AS soft_delete
    FROM inventory.resources
    WHERE type = 'microsoft.recoveryservices/vaults'
)
SELECT
    resource_key,
    CASE
        WHEN soft_delete IS NULL THEN 'unknown'
        WHEN soft_delete IN ('Enabled', 'AlwaysON') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN soft_delete IS NULL THEN 'soft delete is not in the answer'
        WHEN soft_delete IN ('Enabled', 'AlwaysON') THEN 'soft delete: ' || soft_delete
        ELSE 'soft delete: ' || soft_delete
    END AS reason
FROM vaults
ORDER BY resource_key;
