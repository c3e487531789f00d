/* ---
title = "Bucket is encrypted with a key in KMS"
description = """
A key in KMS puts a second permission and a log line before every read. Passes where the default encryption is
aws:kms or aws:kms:dsse; with require_customer_key set to false, any default encryption passes.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "require_customer_key"
type = "boolean"
default = true
description = "Whether a key of the provider is not enough."

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
        WHEN starts_with(algorithm, 'aws:kms') THEN 'pass'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the default encryption could not be read'
        WHEN algorithm IS NULL THEN 'no default encryption'
        WHEN starts_with(algorithm, 'aws:kms') THEN 'encrypted with ' || algorithm
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'encrypted with ' || algorithm
        ELSE 'encrypted with ' || algorithm || ', a key of S3'
    END AS reason
FROM buckets
ORDER BY resource_key;
