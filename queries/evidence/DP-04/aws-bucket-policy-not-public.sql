/* ---
title = "Bucket policy is not public"
description = """
Fails where an unconditional statement lets everybody in and public policies are not restricted for the bucket.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBucketPolicy') OR NOT json_exists(config, '$.GetBucketPolicy') AS is_unread,
        coalesce(
            config ->> '$.GetPublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets', 'false'
        ) = 'true' AS is_restricted,
        list_contains(unread, 'GetPublicAccessBlock')
            OR NOT json_exists(config, '$.GetPublicAccessBlock') AS is_block_unread,
        len(list_filter(
            list_concat(
                json_extract(config, '$.GetBucketPolicy.Policy.Statement[*]'),
                [json_extract(config, '$.GetBucketPolicy.Policy.Statement')]
            ),
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND regexp_matches(
                    coalesce(statement ->> '$.Principal.AWS', statement ->> '$.Principal'), '^\*$|"\*"'
                )
                AND NOT json_exists(statement, '$.Condition')
        )) AS public_statements
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_statements = 0 THEN 'pass'
        WHEN is_block_unread THEN 'unknown'
        WHEN is_restricted THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the policy could not be read'
        WHEN public_statements = 0 THEN 'no statement lets everybody in'
        WHEN is_block_unread THEN 'a public statement, and the public access block could not be read'
        WHEN is_restricted THEN 'public statements have no effect'
        ELSE public_statements || ' statements let everybody in'
    END AS reason
FROM buckets
ORDER BY resource_key;
