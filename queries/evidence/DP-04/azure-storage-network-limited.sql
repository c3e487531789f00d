/* ---
title = "Storage account is closed to unknown networks"
description = """
Requests come from chosen networks or private endpoints. Passes where public network access is off or the default
action is to deny.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.publicNetworkAccess', 'Enabled') AS public_access,
        coalesce(config ->> '$.properties.networkAcls.defaultAction', 'Allow') AS default_action
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_access <> 'Enabled' THEN 'pass'
        WHEN default_action = 'Deny' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN public_access <> 'Enabled' THEN 'public network access is ' || public_access
        WHEN default_action = 'Deny' THEN 'chosen networks only'
        ELSE 'open to all networks'
    END AS reason
FROM accounts
ORDER BY resource_key;
