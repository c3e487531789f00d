/* ---
title = "Function runs on a supported runtime"
description = """
A runtime that is deprecated gets no more security patches. Functions that are images bring their own. Dates are those
on which Lambda deprecates a runtime, as AWS lists them (docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html,
2026-07-25; runtimes that had left the list by way of endoflife.date, as announced). Runtimes that it lacks are unknown.
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
provider = "aws"
resource_type = "AWS::Lambda::Function"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('dotnet8', DATE '2026-11-10'),
        ('dotnet10', DATE '2028-11-14'),
        ('dotnetcore3.1', DATE '2023-04-03'),
        ('java8', DATE '2023-12-31'),
        ('java8.al2', DATE '2027-06-30'),
        ('java8.al2023', DATE '2029-06-30'),
        ('java11', DATE '2027-06-30'),
        ('java11.al2023', DATE '2029-06-30'),
        ('java17', DATE '2027-06-30'),
        ('java17.al2023', DATE '2029-06-30'),
        ('java21', DATE '2029-06-30'),
        ('java25', DATE '2029-06-30'),
        ('nodejs10.x', DATE '2021-07-30'),
        ('nodejs12.x', DATE '2023-03-31'),
        ('nodejs14.x', DATE '2023-11-27'),
        ('nodejs16.x', DATE '2024-03-11'),
        ('nodejs18.x', DATE '2025-09-01'),
        ('nodejs20.x', DATE '2026-04-30'),
        ('nodejs22.x', DATE '2027-04-30'),
        ('nodejs24.x', DATE '2028-04-30'),
        ('provided', DATE '2023-12-31'),
        ('provided.al2', DATE '2026-07-31'),
        ('provided.al2023', DATE '2029-06-30'),
        ('python2.7', DATE '2021-07-15'),
        ('python3.6', DATE '2022-07-18'),
        ('python3.7', DATE '2023-11-27'),
        ('python3.8', DATE '2024-10-14'),
        ('python3.9', DATE '2025-12-15'),
        ('python3.10', DATE '2026-10-31'),
        ('python3.11', DATE '2027-06-30'),
        ('python3.12', DATE '2028-10-31'),
        ('python3.13', DATE '2029-06-30'),
        ('python3.14', DATE '2029-06-30'),
        ('ruby2.7', DATE '2023-12-07'),
        ('ruby3.4', DATE '2028-03-31')
),
versions AS (
    SELECT
        resource_key,
        (config ->> '$.PackageType') = 'Image' AS is_image,
        config ->> '$.Runtime' AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'AWS::Lambda::Function'
)
SELECT
    resource_key,
    CASE
        WHEN is_image THEN 'not_applicable'
        WHEN version IS NULL THEN 'unknown'
        WHEN ends_on IS NULL THEN 'unknown'
        WHEN date_diff('day', ends_on, today) <= grace_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_image THEN 'an image brings its own runtime'
        WHEN version IS NULL THEN 'no version is stated'
        WHEN ends_on IS NULL THEN version || ' is not in the table of versions'
        WHEN date_diff('day', ends_on, today) <= grace_days THEN version || ' is patched until ' || ends_on
        ELSE version || ' is deprecated since ' || ends_on
    END AS reason
FROM versions
LEFT JOIN supported ON supported.release = versions.version
ORDER BY resource_key;
