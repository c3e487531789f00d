/* ---
title = "Database runs a supported version"
description = """
An engine past its end gets no fixes, or only under paid extended support, which puts the upgrade off. Ends are those of
standard support on RDS, as AWS lists them (docs.aws.amazon.com/AmazonRDS: PostgreSQL release calendar, 2026-10-06;
MySQL 2026-05-08 and MariaDB 2025-08-13 by way of endoflife.date). Engines that the lists lack are unknown.
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
        ('postgres 10', DATE '2023-04-30'),
        ('postgres 11', DATE '2024-02-29'),
        ('postgres 12', DATE '2025-02-28'),
        ('postgres 13', DATE '2026-02-28'),
        ('postgres 14', DATE '2027-02-28'),
        ('postgres 15', DATE '2028-02-29'),
        ('postgres 16', DATE '2029-02-28'),
        ('postgres 17', DATE '2030-02-28'),
        ('postgres 18', DATE '2031-02-28'),
        ('mysql 5.6', DATE '2022-03-01'),
        ('mysql 5.7', DATE '2024-02-29'),
        ('mysql 8.0', DATE '2026-07-31'),
        ('mysql 8.4', DATE '2029-07-31'),
        ('mariadb 10.3', DATE '2023-10-23'),
        ('mariadb 10.4', DATE '2025-02-28'),
        ('mariadb 10.5', DATE '2026-02-28'),
        ('mariadb 10.6', DATE '2026-07-31'),
        ('mariadb 10.11', DATE '2028-02-29'),
        ('mariadb 11.4', DATE '2029-05-31')
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
        WHEN date_diff('day', ends_on, today) <= grace_days THEN version || ' is in standard support until ' || ends_on
        ELSE version || ' left standard support on ' || ends_on
    END AS reason
FROM versions
LEFT JOIN supported ON supported.release = versions.version
ORDER BY resource_key;
