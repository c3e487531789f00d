/* ---
title = "PostgreSQL server has a standby"
description = """
High availability keeps a standby ready, in the same zone or another; the reason names which. A replica has no
bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.dbforpostgresql/flexibleservers"
--- */
WITH servers AS (
    SELECT
        resource_key,
        config ->> '$.properties.highAvailability.mode' AS mode,
        coalesce(config ->> '$.properties.replicationRole', 'Primary') IN ('AsyncReplica', 'GeoAsyncReplica')
            AS is_replica
    FROM inventory.resources
    WHERE type = 'microsoft.dbforpostgresql/flexibleservers'
)
SELECT
    resource_key,
    CASE
        WHEN is_replica THEN 'not_applicable'
        WHEN mode IS NULL THEN 'unknown'
        WHEN mode IN ('ZoneRedundant', 'SameZone') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_replica THEN 'a replica'
        WHEN mode IS NULL THEN 'high availability is not in the answer'
        WHEN mode IN ('ZoneRedundant', 'SameZone') THEN 'standby: ' || mode
        ELSE 'no standby'
    END AS reason
FROM servers
ORDER BY resource_key;
