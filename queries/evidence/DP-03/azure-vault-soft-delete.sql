/* ---
title = "Vault keeps deleted keys"
description = """
Deleted keys can be brought back for a while. Vaults made since 2020 have it unless it is stated to be off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.keyvault/vaults"
--- */
WITH vaults AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        (config ->> '$.properties.enableSoftDelete') = 'false' AS is_off
    FROM inventory.resources
    WHERE type = 'microsoft.keyvault/vaults'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_off THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_off THEN 'soft delete is off'
        ELSE 'soft delete is on'
    END AS reason
FROM vaults
ORDER BY resource_key;
