/* ---
title = "Cosmos account is off the public network"
description = """
Data is reached through private endpoints only. A resource that states nothing is open.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "azure"
resource_type = "microsoft.documentdb/databaseaccounts"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.publicNetworkAccess', 'Enabled') AS public_access
    FROM inventory.resources
    WHERE type = 'microsoft.documentdb/databaseaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_access = 'Enabled' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN public_access = 'Enabled' THEN 'public network access is on'
        ELSE 'public network access is ' || public_access
    END AS reason
FROM resources
ORDER BY resource_key;
