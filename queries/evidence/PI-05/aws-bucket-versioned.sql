/* ---
title = "Bucket keeps earlier versions"
description = """
With versioning an object that is overwritten or deleted can be brought back. A bucket on which it was never switched
on answers without a status.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBucketVersioning') OR NOT json_exists(config, '$.GetBucketVersioning') AS is_unread,
        config ->> '$.GetBucketVersioning.Status' AS versioning
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN versioning = 'Enabled' THEN 'pass'
        WHEN versioning IS NULL THEN 'fail'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'versioning could not be read'
        WHEN versioning = 'Enabled' THEN 'versioning is on'
        WHEN versioning IS NULL THEN 'versioning was never switched on'
        ELSE 'versioning is ' || lower(versioning)
    END AS reason
FROM buckets
ORDER BY resource_key;
