/* ---
title = "Bucket blocks public access"
description = """
All four blocks together keep old and new lists and policies from opening a bucket. A block of the whole account is
not looked at.
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
        list_contains(unread, 'GetPublicAccessBlock')
            OR NOT json_exists(config, '$.GetPublicAccessBlock') AS is_unread,
        len(list_filter(
            json_extract_string(config, '$.GetPublicAccessBlock.PublicAccessBlockConfiguration.*'),
            lambda block: block = 'true'
        )) AS blocks
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN blocks = 4 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the public access block could not be read'
        WHEN blocks = 4 THEN 'all four blocks are on'
        ELSE blocks || ' of 4 blocks are on'
    END AS reason
FROM buckets
ORDER BY resource_key;
