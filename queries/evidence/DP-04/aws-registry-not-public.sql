/* ---
title = "Image repository is not public"
description = """
Images hold code and often more. Fails where an unconditional statement lets everybody in. Statements with a
condition are not counted as public.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::ECR::Repository"
--- */
WITH policies AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetRepositoryPolicy') OR NOT json_exists(config, '$.GetRepositoryPolicy') AS is_unread,
        len(list_filter(
            list_concat(
                json_extract(config, '$.GetRepositoryPolicy.policyText.Statement[*]'),
                [json_extract(config, '$.GetRepositoryPolicy.policyText.Statement')]
            ),
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND regexp_matches(
                    coalesce(statement ->> '$.Principal.AWS', statement ->> '$.Principal'), '^\*$|"\*"'
                )
                AND NOT json_exists(statement, '$.Condition')
        )) AS public_statements
    FROM inventory.resources
    WHERE type = 'AWS::ECR::Repository'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_statements > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the policy could not be read'
        WHEN public_statements > 0 THEN public_statements || ' statements let everybody in'
        ELSE 'no statement lets everybody in'
    END AS reason
FROM policies
ORDER BY resource_key;
