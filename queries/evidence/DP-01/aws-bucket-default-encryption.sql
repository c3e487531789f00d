/* ---
title = "Bucket encrypts new objects by default"
description = """
Objects are encrypted when they are written. Looks at the default encryption rule of the bucket.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBucketEncryption') OR NOT json_exists(config, '$.GetBucketEncryption') AS is_unread,
        config -> '$.GetBucketEncryption.ServerSideEncryptionConfiguration.Rules[0]'
            ->> '$.ApplyServerSideEncryptionByDefault.SSEAlgorithm' AS algorithm
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN algorithm IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the default encryption could not be read'
        WHEN algorithm IS NULL THEN 'no default encryption'
        ELSE 'encrypted with ' || algorithm
    END AS reason
FROM buckets
ORDER BY resource_key;
