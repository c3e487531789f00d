/* ---
title = "Event Hubs namespace spans zones"
description = """
Events in flight are lost with a data centre unless the namespace spans zones.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.eventhub/namespaces"
--- */
WITH namespaces AS (
    SELECT
        resource_key,
        CAST(config ->> '$.properties.zoneRedundant' AS BOOLEAN) AS is_zone_redundant
    FROM inventory.resources
    WHERE type = 'microsoft.eventhub/namespaces'
)
SELECT
    resource_key,
    CASE
        WHEN is_zone_redundant IS NULL THEN 'unknown'
        WHEN is_zone_redundant THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_zone_redundant IS NULL THEN 'zone redundancy is not in the answer'
        WHEN is_zone_redundant THEN 'zone-redundant'
        ELSE 'one zone only'
    END AS reason
FROM namespaces
ORDER BY resource_key;
