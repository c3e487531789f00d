/* ---
title = "Storage account outlives a data centre"
description = """
Locally redundant storage keeps its copies in one data centre. Zone, geo and geo-zone redundancy pass.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.storage/storageaccounts"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        config ->> '$.sku.name' AS sku
    FROM inventory.resources
    WHERE type = 'microsoft.storage/storageaccounts'
)
SELECT
    resource_key,
    CASE
        WHEN sku IS NULL THEN 'unknown'
        WHEN sku LIKE '%LRS' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN sku IS NULL THEN 'the sku is not in the answer'
        WHEN sku LIKE '%LRS' THEN 'copies in one data centre: ' || sku
        ELSE 'redundancy: ' || sku
    END AS reason
FROM accounts
ORDER BY resource_key;
