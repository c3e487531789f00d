/* ---
title = "Database snapshot is not kept past its time"
description = """
Snapshots made by hand stay until somebody deletes them. None may be older than max_age_days (365); automated ones go
by the retention of their database.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 365
description = "The greatest age in days."

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "aws"
resource_type = "AWS::RDS::DBSnapshot"
--- */
WITH snapshots AS (
    SELECT
        resource_key,
        date_diff('day', created_at, (SELECT max(finished_at) FROM inventory.runs)) AS days,
        config ->> '$.SnapshotType' = 'automated' AS is_automated
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBSnapshot'
)
SELECT
    resource_key,
    CASE
        WHEN is_automated THEN 'not_applicable'
        WHEN days IS NULL THEN 'unknown'
        WHEN days <= coalesce(getvariable('max_age_days'), 365) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_automated THEN 'goes with the retention of its database'
        WHEN days IS NULL THEN 'the day it was made is not known'
        WHEN days <= coalesce(getvariable('max_age_days'), 365) THEN 'made ' || days || ' days ago'
        ELSE 'made ' || days || ' days ago'
    END AS reason
FROM snapshots
ORDER BY resource_key;
