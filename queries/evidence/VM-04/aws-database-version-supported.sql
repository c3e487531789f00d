/* ---
title = "Database runs a supported version"
description = """
Engines past their end get no fixes. Ends of support are those that the database projects publish (endoflife.date);
engines that the table lacks are unknown.
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
resource_type = "AWS::RDS::DBInstance"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('postgres 10', DATE '2022-11-10'),
        ('postgres 11', DATE '2023-11-09'),
        ('postgres 12', DATE '2024-11-21'),
        ('postgres 13', DATE '2025-11-13'),
        ('postgres 14', DATE '2026-11-12'),
        ('postgres 15', DATE '2027-11-11'),
        ('postgres 16', DATE '2028-11-09'),
        ('postgres 17', DATE '2029-11-08'),
        ('postgres 18', DATE '2030-11-14'),
        ('mysql 5.6', DATE '2021-02-05'),
        ('mysql 5.7', DATE '2023-10-31'),
        ('mysql 8.0', DATE '2026-04-30'),
        ('mysql 8.4', DATE '2032-04-30'),
        ('mariadb 10.5', DATE '2025-06-24'),
        ('mariadb 10.6', DATE '2026-07-06'),
        ('mariadb 10.11', DATE '2028-02-16'),
        ('mariadb 11.4', DATE '2029-05-29')
),
versions AS (
    SELECT
        resource_key,
        CASE
            WHEN (config ->> '$.Engine') = 'postgres'
                THEN 'postgres ' || split_part(config ->> '$.EngineVersion', '.', 1)
            ELSE (config ->> '$.Engine') || ' '
                || array_to_string(string_split(config ->> '$.EngineVersion', '.')[1:2], '.')
        END AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
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
