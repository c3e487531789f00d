/* ---
title = "Database instance is encrypted"
description = """
Storage, backups and replicas of a database are encrypted together or not at all. Looks at the storage encryption of
each instance.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.StorageEncrypted', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'storage encrypted'
        ELSE 'storage not encrypted'
    END AS reason
FROM settings
ORDER BY resource_key;
