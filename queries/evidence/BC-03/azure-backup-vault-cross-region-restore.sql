/* ---
title = "Backups can be restored in the paired region"
description = """
Cross-region restore lets the loss of a region be rehearsed and survived. Resource Manager leaves the member out where
redundancy was never set.
"""
tables = ["inventory.resources"]

[check]
control = "BC-03"
criteria = ["A1.2", "A1.3"]
provider = "azure"
resource_type = "microsoft.recoveryservices/vaults"
--- */
WITH vaults AS (
    SELECT
        resource_key,
        config ->> '$.properties.redundancySettings.crossRegionRestore' AS cross_region,
        config ->> '$.properties.redundancySettings.standardTierStorageRedundancy' AS redundancy
    FROM inventory.resources
    WHERE type = 'microsoft.recoveryservices/vaults'
)
SELECT
    resource_key,
    CASE
        WHEN cross_region IS NULL THEN 'unknown'
        WHEN cross_region = 'Enabled' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN cross_region IS NULL THEN 'redundancy is not in the answer'
        WHEN cross_region = 'Enabled' THEN 'can be restored in the paired region'
        ELSE 'own region only' || coalesce(', storage ' || redundancy, '')
    END AS reason
FROM vaults
ORDER BY resource_key;
