/* ---
title = "Log bucket cannot be shortened"
description = """
A locked bucket keeps its entries for the whole time, whoever asks. The default bucket of a project cannot be locked
and is left out.
"""
tables = ["inventory.resources"]

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "gcp"
resource_type = "logging.googleapis.com/LogBucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        ends_with(resource_key, '/_Default') AS is_default,
        coalesce(config ->> '$.locked', 'false') = 'true' AS is_locked
    FROM inventory.resources
    WHERE type = 'logging.googleapis.com/LogBucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_default THEN 'not_applicable'
        WHEN is_locked THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_default THEN 'the default bucket'
        WHEN is_locked THEN 'locked'
        ELSE 'not locked'
    END AS reason
FROM buckets
ORDER BY resource_key;
