/* ---
title = "Database snapshot is encrypted"
description = """
A snapshot of a database can be restored elsewhere with all its data. Looks at the encryption flag of each snapshot.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBSnapshot"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.Encrypted', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBSnapshot'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'encrypted'
        ELSE 'not encrypted'
    END AS reason
FROM settings
ORDER BY resource_key;
