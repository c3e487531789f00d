/* ---
title = "Role that an outside account can assume asks for an external id"
description = """
An outside account that works for many customers can be tricked into using our role for another of them, unless the
role asks for an external id or for the outsider's organization. Accounts that the inventory holds as ours are not
outside.
"""
tables = ["inventory.resources", "inventory.scopes"]

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

grants AS (
    SELECT roles.resource_key, statement.entry
    FROM roles, unnest(roles.statements) AS statement (entry)
    WHERE (statement.entry ->> '$.Effect') = 'Allow'
),

outsiders AS (
    SELECT
        grants.resource_key,
        regexp_extract(principal.name, '([0-9]{12})', 1) AS account_id,
        coalesce(
            regexp_matches(grants.entry ->> '$.Condition', '(?i)"(sts:ExternalId|aws:PrincipalOrgID)"'), false
        ) AS is_limited
    FROM grants, unnest(
        list_concat(
            json_extract_string(grants.entry, '$.Principal.AWS[*]'),
            [json_extract_string(grants.entry, '$.Principal.AWS')]
        )
    ) AS principal (name)
    WHERE regexp_matches(principal.name, '^([0-9]{12}|arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.*)$')
)

SELECT
    roles.resource_key,
    CASE
        WHEN roles.statements IS NULL THEN 'unknown'
        WHEN count(outsiders.account_id) = 0 THEN 'not_applicable'
        WHEN bool_and(outsiders.is_limited) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN roles.statements IS NULL THEN 'trust policy could not be read'
        WHEN count(outsiders.account_id) = 0 THEN 'no outside account may assume it'
        WHEN bool_and(outsiders.is_limited)
            THEN 'with a condition for ' || string_agg(
                DISTINCT outsiders.account_id, ', ' ORDER BY outsiders.account_id
            )
        ELSE 'no condition for ' || string_agg(
            DISTINCT outsiders.account_id, ', ' ORDER BY outsiders.account_id
        ) FILTER (WHERE NOT outsiders.is_limited)
    END AS reason
FROM roles
LEFT JOIN outsiders
    ON outsiders.resource_key = roles.resource_key
    AND outsiders.account_id NOT IN (SELECT scopes.scope_id FROM inventory.scopes AS scopes)
GROUP BY roles.resource_key, roles.statements
ORDER BY roles.resource_key;
