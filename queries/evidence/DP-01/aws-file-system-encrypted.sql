/* ---
title = "File system is encrypted"
description = """
Files of shared file systems are encrypted at rest; this can only be chosen at creation. Looks at the encryption
flag of each EFS file system.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::EFS::FileSystem"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.Encrypted', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::EFS::FileSystem'
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
