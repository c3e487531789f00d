/* ---
title = "Vault is not open to every network"
description = """
Keys and secrets are to be fetched from our networks. Public access has to be off, or limited by a default of Deny.
"""
tables = ["inventory.resources"]

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.keyvault/vaults"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.publicNetworkAccess' AS public_access,
        config ->> '$.properties.networkAcls.defaultAction' AS default_action
    FROM inventory.resources
    WHERE type = 'microsoft.keyvault/vaults'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_access IN ('Disabled', 'SecuredByPerimeter') OR default_action = 'Deny' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        ELSE 'public access: ' || lower(coalesce(public_access, 'not set'))
            || ', default: ' || lower(coalesce(default_action, 'allow'))
    END AS reason
FROM resources
ORDER BY resource_key;
