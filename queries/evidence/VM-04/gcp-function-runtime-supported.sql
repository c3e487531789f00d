/* ---
title = "Function runs on a supported runtime"
description = """
A runtime that is deprecated gets no more support. Dates are those on which Cloud Run functions deprecates a runtime, as
Google lists them (docs.cloud.google.com/functions/docs/runtime-support, 2026-04-14). Runtimes without a day in that
list, or not in it, are unknown.
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
        ('dotnet3', DATE '2024-01-30'),
        ('dotnet6', DATE '2024-11-12'),
        ('dotnet8', DATE '2026-11-10'),
        ('dotnet10', DATE '2028-11-14'),
        ('go113', DATE '2024-01-30'),
        ('go116', DATE '2024-01-30'),
        ('go118', DATE '2024-01-30'),
        ('go119', DATE '2024-04-30'),
        ('go120', DATE '2024-05-01'),
        ('go121', DATE '2025-09-03'),
        ('go122', DATE '2026-01-28'),
        ('go123', DATE '2026-02-21'),
        ('go124', DATE '2026-09-02'),
        ('java11', DATE '2024-10-31'),
        ('nodejs10', DATE '2024-01-30'),
        ('nodejs12', DATE '2024-01-30'),
        ('nodejs14', DATE '2024-01-30'),
        ('nodejs16', DATE '2024-01-30'),
        ('nodejs18', DATE '2025-04-30'),
        ('nodejs20', DATE '2026-04-30'),
        ('nodejs22', DATE '2027-04-30'),
        ('nodejs24', DATE '2028-04-30'),
        ('php74', DATE '2024-01-30'),
        ('php81', DATE '2025-12-31'),
        ('php82', DATE '2026-12-31'),
        ('php83', DATE '2027-12-31'),
        ('php84', DATE '2028-12-31'),
        ('php85', DATE '2029-12-31'),
        ('python37', DATE '2024-01-30'),
        ('python38', DATE '2024-10-14'),
        ('python39', DATE '2025-10-05'),
        ('python310', DATE '2026-10-04'),
        ('python311', DATE '2027-10-24'),
        ('python312', DATE '2028-10-02'),
        ('python313', DATE '2029-10-10'),
        ('python314', DATE '2030-10-10'),
        ('ruby26', DATE '2024-01-30'),
        ('ruby27', DATE '2024-01-30'),
        ('ruby30', DATE '2024-03-31'),
        ('ruby32', DATE '2026-03-31'),
        ('ruby33', DATE '2027-03-31'),
        ('ruby34', DATE '2028-03-31'),
        ('ruby40', DATE '2029-03-31')
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
        WHEN date_diff('day', ends_on, today) <= grace_days THEN version || ' is supported until ' || ends_on
        ELSE version || ' is deprecated since ' || ends_on
    END AS reason
FROM versions
LEFT JOIN supported ON supported.release = versions.version
ORDER BY resource_key;
