/* ---
title = "SQL database spans zones"
description = """
A zone-redundant database survives the loss of a data centre. The system database has no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.sql/servers/databases"
--- */
WITH databases AS (
    SELECT
        resource_key,
        lower(config ->> '$.name') = 'master' AS is_system,
        CAST(config ->> '$.properties.zoneRedundant' AS BOOLEAN) AS is_zone_redundant
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers/databases'
)
SELECT
    resource_key,
    CASE
        WHEN is_system THEN 'not_applicable'
        WHEN is_zone_redundant IS NULL THEN 'unknown'
        WHEN is_zone_redundant THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_system THEN 'the system database'
        WHEN is_zone_redundant IS NULL THEN 'zone redundancy is not in the answer'
        WHEN is_zone_redundant THEN 'zone-redundant'
        ELSE 'one zone only'
    END AS reason
FROM databases
ORDER BY resource_key;
