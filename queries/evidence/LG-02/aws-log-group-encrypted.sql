/* ---
title = "Log group is encrypted with a key in KMS"
description = """
Log entries hold what applications say; a key of ours decides who reads them.
"""
tables = ["inventory.resources"]

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::Logs::LogGroup"
--- */
WITH groups AS (
    SELECT
        resource_key,
        nullif(config ->> '$.kmsKeyId', '') AS key_name
    FROM inventory.resources
    WHERE type = 'AWS::Logs::LogGroup'
)
SELECT
    resource_key,
    CASE
        WHEN key_name IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN key_name IS NULL THEN 'no key in KMS'
        ELSE 'encrypted with ' || key_name
    END AS reason
FROM groups
ORDER BY resource_key;
