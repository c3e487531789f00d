/* ---
title = "MySQL server runs a supported version"
description = """
An engine past its end gets no fixes, or only under paid extended support, which puts the upgrade off. Ends of 5.7 and
8.0 are those of standard support, as Microsoft lists them (learn.microsoft.com/azure/mysql/concepts-version-policy,
read in 2026); for 8.4 it names none, and the end is the MySQL project's (endoflife.date, 2026-05-08). Others are
unknown.
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
provider = "azure"
resource_type = "microsoft.dbformysql/flexibleservers"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('5.7', DATE '2026-03-31'),
        ('8.0', DATE '2026-05-31'),
        ('8.4', DATE '2032-04-30')
),
versions AS (
    SELECT
        resource_key,
        array_to_string(string_split(config ->> '$.properties.version', '.')[1:2], '.') AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'microsoft.dbformysql/flexibleservers'
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
