/* ---
title = "Enabled version of the secret is at most a year old"
description = """
Old values have been seen by too many people and machines. Versions older than 365 days are to be replaced, or
disabled if they already were.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 365
description = "How old an enabled version may be, in days."

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "secretmanager.googleapis.com/SecretVersion"
--- */
WITH versions AS (
    SELECT
        resource_key,
        config ->> '$.state' AS state,
        date_diff(
            'day',
            coalesce(try_cast(config ->> '$.createTime' AS TIMESTAMP), created_at),
            (SELECT max(finished_at) FROM inventory.runs)
        ) AS age_days
    FROM inventory.resources
    WHERE type = 'secretmanager.googleapis.com/SecretVersion'
)

SELECT
    resource_key,
    CASE
        WHEN state <> 'ENABLED' THEN 'not_applicable'
        WHEN age_days IS NULL THEN 'unknown'
        WHEN age_days <= coalesce(getvariable('max_age_days'), 365) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state <> 'ENABLED' THEN lower(state)
        WHEN age_days IS NULL THEN 'its age is not known'
        ELSE age_days || ' days old'
    END AS reason
FROM versions
ORDER BY resource_key;
