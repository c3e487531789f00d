/* ---
title = "SQL server protects its databases with a key of ours"
description = """
Databases are encrypted with a protector; with the service's own, nobody can withdraw it. With require_customer_key
set to false, the key of the service passes.
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
resource_type = "microsoft.sql/servers"
--- */
WITH servers AS (
    SELECT
        resource_key,
        list_contains(unread, 'encryptionProtector') OR NOT json_exists(config, '$.encryptionProtector') AS is_unread,
        config ->> '$.encryptionProtector.properties.serverKeyType' AS key_type
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN key_type = 'AzureKeyVault' THEN 'pass'
        WHEN key_type IS NULL THEN 'fail'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the encryption protector could not be read'
        WHEN key_type = 'AzureKeyVault' THEN 'protector in a vault'
        WHEN key_type IS NULL THEN 'no encryption protector'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'protector of the service'
        ELSE 'protector of the service only'
    END AS reason
FROM servers
ORDER BY resource_key;
