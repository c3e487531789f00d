/* ---
title = "Dataset is encrypted with a key of ours"
description = """
Looks at the default key for new tables of each dataset. Google encrypts everything at rest; a key of ours can be
withdrawn. With require_customer_key set to false, Google's key passes.
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
provider = "gcp"
resource_type = "bigquery.googleapis.com/Dataset"
--- */
WITH resources AS (
    SELECT
        resource_key,
        nullif(config ->> '$.defaultEncryptionConfiguration.kmsKeyName', '') AS key_name
    FROM inventory.resources
    WHERE type = 'bigquery.googleapis.com/Dataset'
)
SELECT
    resource_key,
    CASE
        WHEN key_name IS NOT NULL THEN 'pass'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN key_name IS NOT NULL THEN 'encrypted with ' || key_name
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'encrypted with a key of Google'
        ELSE 'encrypted with a key of Google only'
    END AS reason
FROM resources
ORDER BY resource_key;
