/* ---
title = "Bucket outlives a region"
description = """
A bucket in one region is safe from the loss of a zone and not of the region. Dual-region and multi-region pass.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "gcp"
resource_type = "storage.googleapis.com/Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        config ->> '$.locationType' AS location_type,
        config ->> '$.location' AS location
    FROM inventory.resources
    WHERE type = 'storage.googleapis.com/Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN location_type IS NULL THEN 'unknown'
        WHEN location_type = 'region' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN location_type IS NULL THEN 'the location is not in the answer'
        WHEN location_type = 'region' THEN 'one region: ' || coalesce(location, 'not named')
        ELSE location_type || coalesce(': ' || location, '')
    END AS reason
FROM buckets
ORDER BY resource_key;
