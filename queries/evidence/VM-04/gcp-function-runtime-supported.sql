/* ---
title = "Function runs on a supported runtime"
description = """
Runtimes past their end get no fixes. Ends of support are those that the language projects publish (endoflife.date);
runtimes that the table lacks are unknown.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "grace_days"
type = "integer"
default = 0
description = "How many days after the end of support still pass."

[check]
control = "VM-04"
criteria = ["CC7.1"]
provider = "gcp"
resource_type = "cloudfunctions.googleapis.com/Function"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('nodejs12', DATE '2022-04-30'),
        ('nodejs14', DATE '2023-04-30'),
        ('nodejs16', DATE '2023-09-11'),
        ('nodejs18', DATE '2025-04-30'),
        ('nodejs20', DATE '2026-04-30'),
        ('nodejs22', DATE '2027-04-30'),
        ('nodejs24', DATE '2028-04-30'),
        ('python27', DATE '2020-01-01'),
        ('python37', DATE '2023-06-27'),
        ('python38', DATE '2024-10-07'),
        ('python39', DATE '2025-10-31'),
        ('python310', DATE '2026-10-31'),
        ('python311', DATE '2027-10-31'),
        ('python312', DATE '2028-10-31'),
        ('python313', DATE '2029-10-31'),
        ('python314', DATE '2030-10-31')
),
versions AS (
    SELECT
        resource_key,
        config ->> '$.buildConfig.runtime' AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'cloudfunctions.googleapis.com/Function'
)
SELECT
    resource_key,
    CASE
        WHEN version IS NULL THEN 'unknown'
        WHEN ends_on IS NULL THEN 'unknown'
        WHEN date_diff('day', ends_on, today) <= grace_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN version IS NULL THEN 'no version is stated'
        WHEN ends_on IS NULL THEN version || ' is not in the table of versions'
        WHEN date_diff('day', ends_on, today) <= grace_days THEN version || ' gets fixes until ' || ends_on
        ELSE version || ' got its last fixes on ' || ends_on
    END AS reason
FROM versions
LEFT JOIN supported ON supported.release = versions.version
ORDER BY resource_key;
