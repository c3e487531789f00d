/* ---
title = "Bucket records access"
description = """
Who read which object shows in the access log. Looks at server access logging; data events of trails are not looked
at.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBucketLogging') OR NOT json_exists(config, '$.GetBucketLogging') AS is_unread,
        config ->> '$.GetBucketLogging.LoggingEnabled.TargetBucket' AS target
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN target IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the logging could not be read'
        WHEN target IS NULL THEN 'no access log'
        ELSE 'logged to ' || target
    END AS reason
FROM buckets
ORDER BY resource_key;
