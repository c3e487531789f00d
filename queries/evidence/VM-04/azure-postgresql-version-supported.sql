/* ---
title = "PostgreSQL server runs a supported version"
description = """
An engine past its end gets no fixes. Ends are those of standard support, as Microsoft lists them
(learn.microsoft.com/azure/postgresql/configure-maintain/concepts-version-policy, by way of endoflife.date, April 2026).
Versions that the list lacks are unknown.
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
resource_type = "microsoft.dbforpostgresql/flexibleservers"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('11', DATE '2026-07-31'),
        ('12', DATE '2026-07-31'),
        ('13', DATE '2026-07-31'),
        ('14', DATE '2026-12-11'),
        ('15', DATE '2027-11-11'),
        ('16', DATE '2028-11-09'),
        ('17', DATE '2029-11-08'),
        ('18', DATE '2030-11-14')
),
versions AS (
    SELECT
        resource_key,
        split_part(config ->> '$.properties.version', '.', 1) AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'microsoft.dbforpostgresql/flexibleservers'
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
