/* ---
title = "Log sink to another project takes only what is asked for"
description = """
A sink without a filter or an exclusion sends every entry to its destination. Looks at sinks that lead into a log
bucket, topic or dataset of another project, where somebody else may keep what arrives.
"""
tables = ["inventory.resources"]

[check]
control = "LG-06"
criteria = ["CC7.2", "CC6.7", "C1.1"]
provider = "gcp"
resource_type = "logging.googleapis.com/LogSink"
--- */
WITH sinks AS (
    SELECT
        resource_key,
        coalesce(CAST(config ->> '$.disabled' AS BOOLEAN), false) AS is_off,
        nullif(regexp_extract(config ->> '$.destination', '/(projects/[^/]+)', 1), '') AS target,
        scope_id,
        coalesce(config ->> '$.filter', '') AS filter,
        coalesce(json_array_length(config, '$.exclusions'), 0) AS exclusions
    FROM inventory.resources
    WHERE type = 'logging.googleapis.com/LogSink'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'not_applicable'
        WHEN target IS NULL OR target = scope_id THEN 'not_applicable'
        WHEN filter <> '' OR exclusions > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_off THEN 'switched off'
        WHEN target IS NULL OR target = scope_id THEN 'stays in its own project, or goes to a bucket'
        WHEN filter <> '' OR exclusions > 0 THEN 'filtered, goes to ' || target
        ELSE 'everything goes to ' || target
    END AS reason
FROM sinks
ORDER BY resource_key;
