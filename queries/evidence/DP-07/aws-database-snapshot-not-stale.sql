/* ---
title = "Database snapshot is not kept past its time"
description = """
Copies outlive the data that they were made of; automated snapshots go by themselves and are left out. Passes up to
max_age_days.
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
provider = "aws"
resource_type = "AWS::RDS::DBSnapshot"
--- */
WITH copies AS (
    SELECT
        resource_key,
        (config ->> '$.SnapshotType') = 'automated' AS is_automatic,
        date_diff(
            'day',
            try_cast(config ->> '$.SnapshotCreateTime' AS TIMESTAMP),
            (SELECT max(finished_at) FROM inventory.runs)
        ) AS age_days,
        coalesce(getvariable('max_age_days'), 400) AS limit_days
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBSnapshot'
)
SELECT
    resource_key,
    CASE
        WHEN is_automatic THEN 'not_applicable'
        WHEN age_days IS NULL THEN 'unknown'
        WHEN age_days <= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_automatic THEN 'automated snapshots go by themselves'
        WHEN age_days IS NULL THEN 'no time of creation'
        WHEN age_days <= limit_days THEN age_days || ' days old'
        ELSE age_days || ' days old'
    END AS reason
FROM copies
ORDER BY resource_key;
