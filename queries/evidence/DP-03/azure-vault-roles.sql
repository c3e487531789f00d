/* ---
title = "Vault gives access by roles"
description = """
Roles can be reviewed and are given for a time; access policies of the vault itself escape both. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.keyvault/vaults"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.enableRbacAuthorization', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.keyvault/vaults'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_on THEN 'access by roles'
        ELSE 'access by policies of the vault'
    END AS reason
FROM resources
ORDER BY resource_key;
