/* ---
title = "Queue is not public"
description = """
Fails where an unconditional statement lets everybody in. Statements with a condition are not counted as public.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::SQS::Queue"
--- */
WITH policies AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetQueueAttributes') OR NOT json_exists(config, '$.GetQueueAttributes') AS is_unread,
        len(list_filter(
            list_concat(
                json_extract(config, '$.GetQueueAttributes.Attributes.Policy.Statement[*]'),
                [json_extract(config, '$.GetQueueAttributes.Attributes.Policy.Statement')]
            ),
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND regexp_matches(
                    coalesce(statement ->> '$.Principal.AWS', statement ->> '$.Principal'), '^\*$|"\*"'
                )
                AND NOT json_exists(statement, '$.Condition')
        )) AS public_statements
    FROM inventory.resources
    WHERE type = 'AWS::SQS::Queue'
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
