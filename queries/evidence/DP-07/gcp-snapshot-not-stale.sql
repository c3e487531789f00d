/* ---
title = "Disk snapshot is not kept past its time"
description = """
Copies outlive the data that they were made of. Passes up to max_age_days.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 400
description = "The greatest age, in days."

[check]
control = ["DP-07", "CF-02"]
criteria = ["CC6.5", "C1.2", "P4.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/Snapshot"
--- */
WITH copies AS (
    SELECT
        resource_key,
        date_diff(
            'day',
            try_cast(config ->> '$.creationTimestamp' AS TIMESTAMP),
            (SELECT max(finished_at) FROM inventory.runs)
        ) AS age_days,
        coalesce(getvariable('max_age_days'), 400) AS limit_days
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Snapshot'
)
SELECT
    resource_key,
    CASE
        WHEN age_days IS NULL THEN 'unknown'
        WHEN age_days <= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN age_days IS NULL THEN 'no time of creation'
        WHEN age_days <= limit_days THEN age_days || ' days old'
        ELSE age_days || ' days old'
    END AS reason
FROM copies
ORDER BY resource_key;
