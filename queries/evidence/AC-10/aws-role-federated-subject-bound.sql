/* ---
title = "Role for outside tokens names the subject that may use it"
description = """
An issuer such as a code host serves everybody. A role that accepts its tokens without a condition on the subject, or
with a subject that is only a wildcard, is open to every customer of the issuer. Amazon Cognito is judged by its
audience.
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

token_statements AS (
    SELECT
        resource_key,
        statements,
        list_filter(
            statements,
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND (statement ->> '$.Action') LIKE '%AssumeRoleWithWebIdentity%'
        ) AS for_tokens
    FROM roles
),

judged AS (
    SELECT
        resource_key,
        statements,
        for_tokens,
        list_filter(
            for_tokens,
            lambda statement: NOT coalesce(
                (
                    regexp_matches(
                        statement ->> '$.Condition',
                        '"[^"]*:(sub|job_workflow_ref)":\[?"([^"*:]+"|[^"*:]+:[^"*:/]+)'
                    )
                    AND NOT regexp_matches(
                        statement ->> '$.Condition', ':(sub|job_workflow_ref)":\[?[^]}]*"([a-z_]+:)?\*'
                    )
                )
                OR regexp_matches(statement ->> '$.Condition', '"cognito-identity[^"]*:aud":'),
                false
            )
        ) AS unbound
    FROM token_statements
)

SELECT
    resource_key,
    CASE
        WHEN statements IS NULL THEN 'unknown'
        WHEN len(for_tokens) = 0 THEN 'not_applicable'
        WHEN len(unbound) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN statements IS NULL THEN 'trust policy could not be read'
        WHEN len(for_tokens) = 0 THEN 'accepts no outside tokens'
        WHEN len(unbound) = 0 THEN 'bound to a subject'
        ELSE 'no subject is named for ' || coalesce(unbound[1] ->> '$.Principal.Federated', 'an issuer')
    END AS reason
FROM judged
ORDER BY resource_key;
