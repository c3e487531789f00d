/* ---
title = "MySQL server runs a supported version"
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
provider = "azure"
resource_type = "microsoft.dbformysql/flexibleservers"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('5.6', DATE '2021-02-05'),
        ('5.7', DATE '2023-10-31'),
        ('8.0', DATE '2026-04-30'),
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
        WHEN date_diff('day', ends_on, today) <= grace_days THEN version || ' gets fixes until ' || ends_on
        ELSE version || ' got its last fixes on ' || ends_on
    END AS reason
FROM versions
LEFT JOIN supported ON supported.release = versions.version
ORDER BY resource_key;
