/* ---
title = "MySQL backups are kept in a second region"
description = """
Backups of a MySQL flexible server lie in its own region unless geo-redundant backup was chosen when it was made. A
replica is backed up with its source.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "azure"
resource_type = "microsoft.dbformysql/flexibleservers"
--- */
WITH servers AS (
    SELECT
        resource_key,
        config ->> '$.properties.backup.geoRedundantBackup' AS geo_redundant,
        CAST(config ->> '$.properties.backup.backupRetentionDays' AS INTEGER) AS days,
        coalesce(config ->> '$.properties.replicationRole', 'None') IN ('AsyncReplica', 'GeoAsyncReplica', 'Replica')
            AS is_replica
    FROM inventory.resources
    WHERE type = 'microsoft.dbformysql/flexibleservers'
)
SELECT
    resource_key,
    CASE
        WHEN is_replica THEN 'not_applicable'
        WHEN geo_redundant IS NULL THEN 'unknown'
        WHEN geo_redundant = 'Enabled' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_replica THEN 'a replica'
        WHEN geo_redundant IS NULL THEN 'the backup setting is not in the answer'
        WHEN geo_redundant = 'Enabled' THEN 'geo-redundant, kept for ' || coalesce(days || ' days', 'an unknown time')
        ELSE 'kept in its own region only'
    END AS reason
FROM servers
ORDER BY resource_key;
