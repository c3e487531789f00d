/* ---
title = "Bucket keeps earlier versions"
description = """
With versioning, or under a retention policy, an object that is overwritten or deleted is not lost. The API leaves
both out where they were never set.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "gcp"
resource_type = "storage.googleapis.com/Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        coalesce(CAST(config ->> '$.versioning.enabled' AS BOOLEAN), false) AS is_versioned,
        json_exists(config, '$.retentionPolicy.retentionPeriod') AS has_retention
    FROM inventory.resources
    WHERE type = 'storage.googleapis.com/Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_versioned THEN 'pass'
        WHEN has_retention THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_versioned THEN 'versioning is on'
        WHEN has_retention THEN 'a retention policy holds objects'
        ELSE 'versioning is off'
    END AS reason
FROM buckets
ORDER BY resource_key;
