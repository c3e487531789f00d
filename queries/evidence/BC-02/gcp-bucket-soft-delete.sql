/* ---
title = "Deleted objects of a bucket can be brought back"
description = """
Soft delete keeps deleted objects for some days; a duration of zero switches it off. A retention policy or versioning
serves as well.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "storage.googleapis.com/Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        CAST(config ->> '$.softDeletePolicy.retentionDurationSeconds' AS BIGINT) AS seconds,
        coalesce(CAST(config ->> '$.versioning.enabled' AS BOOLEAN), false) AS is_versioned,
        json_exists(config, '$.retentionPolicy.retentionPeriod') AS has_retention
    FROM inventory.resources
    WHERE type = 'storage.googleapis.com/Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN seconds > 0 THEN 'pass'
        WHEN is_versioned THEN 'pass'
        WHEN has_retention THEN 'pass'
        WHEN seconds IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN seconds > 0 THEN 'deleted objects kept for ' || seconds // 86400 || ' days'
        WHEN is_versioned THEN 'earlier versions are kept'
        WHEN has_retention THEN 'a retention policy holds objects'
        WHEN seconds IS NULL THEN 'soft delete is not in the answer'
        ELSE 'soft delete and versioning are off'
    END AS reason
FROM buckets
ORDER BY resource_key;
