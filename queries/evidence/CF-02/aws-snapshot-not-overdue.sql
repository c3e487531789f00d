/* ---
title = "Disk snapshot is not kept past its time"
description = """
Snapshots outlive the machines that they were made of, and the data in them outlives its purpose. None may be older
than max_age_days (365).
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
resource_type = "AWS::EC2::Snapshot"
--- */
WITH snapshots AS (
    SELECT
        resource_key,
        date_diff('day', created_at, (SELECT max(finished_at) FROM inventory.runs)) AS days
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Snapshot'
)
SELECT
    resource_key,
    CASE
        WHEN days IS NULL THEN 'unknown'
        WHEN days <= coalesce(getvariable('max_age_days'), 365) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN days IS NULL THEN 'the day it was made is not known'
        WHEN days <= coalesce(getvariable('max_age_days'), 365) THEN 'made ' || days || ' days ago'
        ELSE 'made ' || days || ' days ago'
    END AS reason
FROM snapshots
ORDER BY resource_key;
