/* ---
title = "Function acts with a role that no other function has"
description = """
Functions that share a role share all of its rights: whoever gets into one has those of the others.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "max_sharers"
type = "integer"
default = 1
description = "How many functions may have the same role."

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::Lambda::Function"
--- */
WITH functions AS (
    SELECT
        resource_key,
        config ->> '$.Role' AS role_arn,
        count(*) OVER (PARTITION BY config ->> '$.Role') AS users
    FROM inventory.resources
    WHERE type = 'AWS::Lambda::Function'
)

SELECT
    resource_key,
    CASE
        WHEN role_arn IS NULL THEN 'unknown'
        WHEN users <= coalesce(getvariable('max_sharers'), 1) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN role_arn IS NULL THEN 'its role is not known'
        ELSE split_part(role_arn, '/', -1) || ' is the role of ' || users || ' functions'
    END AS reason
FROM functions
ORDER BY resource_key;
