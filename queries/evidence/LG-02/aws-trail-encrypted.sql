/* ---
title = "Trail is encrypted with a key in KMS"
description = """
A key of ours decides who reads the audit log.
"""
tables = ["inventory.resources"]

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::CloudTrail::Trail"
--- */
WITH trails AS (
    SELECT
        resource_key,
        nullif(config ->> '$.KmsKeyId', '') AS key_name
    FROM inventory.resources
    WHERE type = 'AWS::CloudTrail::Trail'
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
FROM trails
ORDER BY resource_key;
