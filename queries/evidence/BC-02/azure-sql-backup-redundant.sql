/* ---
title = "SQL database backups outlive a data centre"
description = """
Backup storage that is local only goes down with its data centre. Zone, geo and geo-zone redundancy pass; the system
database has no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "azure"
resource_type = "microsoft.sql/servers/databases"
--- */
WITH databases AS (
    SELECT
        resource_key,
        coalesce(
            config ->> '$.properties.currentBackupStorageRedundancy',
            config ->> '$.properties.requestedBackupStorageRedundancy'
        ) AS redundancy,
        lower(config ->> '$.name') = 'master' AS is_system
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers/databases'
)
SELECT
    resource_key,
    CASE
        WHEN is_system THEN 'not_applicable'
        WHEN redundancy IS NULL THEN 'unknown'
        WHEN redundancy IN ('Zone', 'Geo', 'GeoZone') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_system THEN 'the system database'
        WHEN redundancy IS NULL THEN 'backup redundancy is not in the answer'
        WHEN redundancy IN ('Zone', 'Geo', 'GeoZone') THEN 'backup storage: ' || redundancy
        ELSE 'backup storage: ' || redundancy
    END AS reason
FROM databases
ORDER BY resource_key;
