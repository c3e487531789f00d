/* ---
title = "Cosmos account is encrypted with a key of ours"
description = """
Accounts are always encrypted; a key in a vault of ours can be withdrawn. With require_customer_key set to false,
the provider's key passes.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "require_customer_key"
type = "boolean"
default = true
description = "Whether a key of the provider is not enough."

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "azure"
resource_type = "microsoft.documentdb/databaseaccounts"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.keyVaultKeyUri', '') <> '' AS has_customer_key
    FROM inventory.resources
    WHERE type = 'microsoft.documentdb/databaseaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN has_customer_key THEN 'pass'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN has_customer_key THEN 'encrypted with a key in a vault'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'encrypted with a key of the platform'
        ELSE 'encrypted with a key of the platform only'
    END AS reason
FROM resources
ORDER BY resource_key;
