/* ---
title = "Recovery vault is immutable"
description = """
Immutability keeps everybody, administrators too, from deleting recovery points before their time. Resource Manager
leaves the member out where it was never set, so absent counts as off. Locked and unlocked immutability both pass,
with the difference in the reason.
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
        coalesce(config ->> '$.properties.securitySettings.immutabilitySettings.state', 'Disabled') AS immutability
    FROM inventory.resources
    WHERE type = 'microsoft.recoveryservices/vaults'
)
SELECT
    resource_key,
    CASE
        WHEN immutability = 'Locked' THEN 'pass'
        WHEN immutability = 'Unlocked' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN immutability = 'Locked' THEN 'immutable for good'
        WHEN immutability = 'Unlocked' THEN 'immutable, and can still be switched off'
        ELSE 'not immutable'
    END AS reason
FROM vaults
ORDER BY resource_key;
