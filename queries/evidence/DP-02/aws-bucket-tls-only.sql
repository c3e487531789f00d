/* ---
title = "Bucket refuses plain connections"
description = """
A policy that denies requests without TLS keeps data off the wire in the clear. Passes where a statement denies
everybody all actions, s3:* or *, when aws:SecureTransport is false.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBucketPolicy') OR NOT json_exists(config, '$.GetBucketPolicy') AS is_unread,
        len(list_filter(
            list_concat(
                json_extract(config, '$.GetBucketPolicy.Policy.Statement[*]'),
                [json_extract(config, '$.GetBucketPolicy.Policy.Statement')]
            ),
            lambda statement: (statement ->> '$.Effect') = 'Deny'
                AND coalesce(statement ->> '$.Condition.Bool."aws:SecureTransport"', '') IN ('false', '["false"]')
                AND regexp_matches(
                    coalesce(statement ->> '$.Principal.AWS', statement ->> '$.Principal'), '^\*$|"\*"'
                )
                AND (statement ->> '$.Action') IN ('*', 's3:*', '["s3:*"]', '["*"]')
        )) AS refusals
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN refusals > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the policy could not be read'
        WHEN refusals > 0 THEN 'the policy denies requests without TLS'
        ELSE 'no statement denies requests without TLS'
    END AS reason
FROM buckets
ORDER BY resource_key;
