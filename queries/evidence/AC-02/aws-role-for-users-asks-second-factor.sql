/* ---
title = "Role that IAM users assume asks for a second factor"
description = """
A role that a user of IAM may take is only as safe as the user's key. The trust has to ask for
aws:MultiFactorAuthPresent; roles that no user is named in are left out.
"""
tables = ["inventory.resources"]

[check]
control = "AC-02"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "AWS::IAM::Role"
--- */
WITH roles AS (
    SELECT
        resource_key,
        config ->> '$.Path' AS path,
        CASE json_type(config, '$.AssumeRolePolicyDocument.Statement')
            WHEN 'ARRAY' THEN json_extract(config, '$.AssumeRolePolicyDocument.Statement[*]')
            WHEN 'OBJECT' THEN [json_extract(config, '$.AssumeRolePolicyDocument.Statement')]
        END AS statements
    FROM inventory.resources
    WHERE type = 'AWS::IAM::Role'
),

user_statements AS (
    SELECT
        resource_key,
        statements,
        list_filter(
            statements,
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND regexp_matches(statement ->> '$.Principal.AWS', ':iam::[0-9]{12}:user/')
        ) AS for_users
    FROM roles
),

judged AS (
    SELECT
        resource_key,
        statements,
        for_users,
        list_filter(
            for_users,
            lambda statement: NOT coalesce(
                regexp_matches(
                    statement ->> '$.Condition',
                    '"Bool":\{[^}]*"aws:MultiFactorAuthPresent":\[?"?true'
                )
                OR regexp_matches(statement ->> '$.Condition', '"Numeric[A-Za-z]*":\{[^}]*"aws:MultiFactorAuthAge"'),
                false
            )
        ) AS without_factor
    FROM user_statements
)

SELECT
    resource_key,
    CASE
        WHEN statements IS NULL THEN 'unknown'
        WHEN len(for_users) = 0 THEN 'not_applicable'
        WHEN len(without_factor) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN statements IS NULL THEN 'trust policy could not be read'
        WHEN len(for_users) = 0 THEN 'no IAM user is named'
        WHEN len(without_factor) = 0 THEN 'asks for a second factor'
        ELSE 'no second factor asked of ' || (without_factor[1] ->> '$.Principal.AWS')
    END AS reason
FROM judged
ORDER BY resource_key;
