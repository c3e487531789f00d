/* ---
title = "Bucket of the trail keeps earlier versions and is closed"
description = """
Who writes over a log file leaves the earlier version behind. Looks at versioning and at the public access block of
the bucket that the trail writes to.
"""
tables = ["inventory.resources"]

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::CloudTrail::Trail"
--- */
WITH trails AS (
    SELECT
        trails.resource_key,
        buckets.config IS NOT NULL AS is_seen,
        list_has_any(buckets.unread, ['GetBucketVersioning', 'GetPublicAccessBlock'])
           
            OR NOT json_exists(buckets.config, '$.GetBucketVersioning')
           
            OR NOT json_exists(buckets.config, '$.GetPublicAccessBlock') AS is_unread,
        coalesce(buckets.config ->> '$.GetBucketVersioning.Status', 'off') AS versioning,
        coalesce(
            buckets.config ->> '$.GetPublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets', 'false'
        ) = 'true' AS is_closed
    FROM inventory.resources AS trails
    LEFT JOIN inventory.resources AS buckets
        ON buckets.type = 'AWS::S3::Bucket'
        AND split_part(buckets.resource_key, ':::', 2) = (trails.config ->> '$.S3BucketName')
    WHERE trails.type = 'AWS::CloudTrail::Trail'
)
SELECT
    resource_key,
    CASE
        WHEN NOT is_seen THEN 'unknown'
        WHEN is_unread THEN 'unknown'
        WHEN versioning <> 'Enabled' THEN 'fail'
        WHEN NOT is_closed THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN NOT is_seen THEN 'the bucket is not in the inventory'
        WHEN is_unread THEN 'the bucket could not be read'
        WHEN versioning <> 'Enabled' THEN 'versioning is ' || lower(versioning)
        WHEN NOT is_closed THEN 'public access is not blocked'
        ELSE 'versioned and closed'
    END AS reason
FROM trails
ORDER BY resource_key;
