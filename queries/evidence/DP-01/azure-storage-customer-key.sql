/* ---
title = "Storage account is encrypted with a key of ours"
description = """
Storage accounts are always encrypted; a key in a vault of ours can be withdrawn and its use is logged. With
require_customer_key set to false, the provider's key passes.
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
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        lower(config ->> '$.properties.encryption.keySource') = 'microsoft.keyvault' AS has_customer_key
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
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
