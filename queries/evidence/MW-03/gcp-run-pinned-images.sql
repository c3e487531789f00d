/* ---
title = "Service names the version of its images"
description = """
A name that always gives the newest image runs code that nobody approved. Fails without a tag, and with the tag
latest; digests pass.
"""
tables = ["inventory.resources"]

[check]
control = "MW-03"
criteria = ["CC6.8", "CC8.1"]
provider = "gcp"
resource_type = "run.googleapis.com/Service"
--- */
WITH images AS (
    SELECT
        resource_key,
        list_concat(
            json_extract_string(config, '$.spec.template.spec.containers[*].image'),
            json_extract_string(config, '$.template.containers[*].image')
        ) AS names,
        list_filter(
            names, lambda image: NOT regexp_matches(image, '@sha256:|:[^/:]+$') OR ends_with(image, ':latest')
        ) AS floating
    FROM inventory.resources
    WHERE type = 'run.googleapis.com/Service'
)
SELECT
    resource_key,
    CASE
        WHEN len(names) = 0 THEN 'not_applicable'
        WHEN len(floating) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(names) = 0 THEN 'no image'
        WHEN len(floating) = 0 THEN len(names) || ' images with a version'
        ELSE 'no version: ' || array_to_string(floating, ', ')
    END AS reason
FROM images
ORDER BY resource_key;
