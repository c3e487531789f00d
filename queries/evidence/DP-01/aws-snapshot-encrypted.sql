/* ---
title = "Disk snapshot is encrypted"
description = """
A snapshot holds the whole disk and is easily copied or shared. Looks at the encryption flag of each snapshot that
the account owns.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::EC2::Snapshot"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.Encrypted', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Snapshot'
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
