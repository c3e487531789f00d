/* ---
title = "Storage account is not replicated to other tenants"
description = """
Object replication could copy data to an account of another tenant. An account that states nothing depends on its
age, and is unknown.
"""
tables = ["inventory.resources"]

[check]
control = "DP-05"
criteria = ["CC6.1", "CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        config ->> '$.properties.allowCrossTenantReplication' AS allows
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN allows IS NULL THEN 'unknown'
        WHEN allows = 'true' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN allows IS NULL THEN 'the setting is not stated'
        WHEN allows = 'true' THEN 'replication to other tenants is allowed'
        ELSE 'replication to other tenants is refused'
    END AS reason
FROM accounts
ORDER BY resource_key;
