/* ---
title = "Database runs a supported version"
description = """
An engine past its end gets no fixes, or only under paid extended support, which puts the upgrade off. Ends are the days
before extended support starts, as Google lists them (cloud.google.com/sql/docs: db-versions, read in 2025 and 2026);
for MySQL 8.4 it names none, and the end is the MySQL project's (endoflife.date, 2026-05-08). Others are unknown.
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
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('POSTGRES_9_6', DATE '2025-01-31'),
        ('POSTGRES_10', DATE '2025-01-31'),
        ('POSTGRES_11', DATE '2025-01-31'),
        ('POSTGRES_12', DATE '2025-01-31'),
        ('POSTGRES_13', DATE '2026-01-31'),
        ('POSTGRES_14', DATE '2027-01-31'),
        ('POSTGRES_15', DATE '2028-01-31'),
        ('POSTGRES_16', DATE '2029-01-31'),
        ('POSTGRES_17', DATE '2030-01-31'),
        ('MYSQL_5_6', DATE '2025-01-31'),
        ('MYSQL_5_7', DATE '2025-01-31'),
        ('MYSQL_8_0', DATE '2026-06-30'),
        ('MYSQL_8_4', DATE '2032-04-30')
),
versions AS (
    SELECT
        resource_key,
        nullif(
            regexp_extract(config ->> '$.databaseVersion', '^(POSTGRES_9_6|POSTGRES_\d+|MYSQL_\d+_\d+|SQLSERVER_\d+)'),
            ''
        ) AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
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
