/* ---
title = "Role can't be assumed by everyone"
description = """
A trust policy that allows any principal lets every AWS account try. It passes only if the statement names an
organization, an account, an external id or a source that limits who is meant.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
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

open_statements AS (
    SELECT
        resource_key,
        statements,
        list_filter(
            statements,
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND (
                    (statement ->> '$.Principal') = '*'
                    OR (statement ->> '$.Principal.AWS') = '*'
                    OR list_contains(json_extract_string(statement, '$.Principal.AWS[*]'), '*')
                )
        ) AS open_to_all
    FROM roles
)

SELECT
    resource_key,
    CASE
        WHEN statements IS NULL THEN 'unknown'
        WHEN len(list_filter(
            open_to_all,
            lambda statement: NOT coalesce(
                regexp_matches(
                    statement ->> '$.Condition',
                    '(?i)"(aws:Principal(OrgID|OrgPaths|Account|Arn)|aws:Source(Account|Arn|OrgID)|sts:ExternalId)"'
                ),
                false
            )
        )) > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN statements IS NULL THEN 'trust policy could not be read'
        WHEN len(open_to_all) = 0 THEN 'every statement names its principals'
        ELSE 'allows any principal; conditions: ' || coalesce(open_to_all[1] ->> '$.Condition', 'none')
    END AS reason
FROM open_statements
ORDER BY resource_key;
