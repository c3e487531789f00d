/* ---
title = "Cluster runs a supported version"
description = """
A version past its end gets no fixes, or only in the extended channel. Ends are those of standard support on GKE, as
Google lists them (cloud.google.com/kubernetes-engine/docs/release-schedule, by way of endoflife.date, 2026-02-19).
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
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('1.21', DATE '2023-01-31'),
        ('1.22', DATE '2023-04-30'),
        ('1.23', DATE '2023-07-31'),
        ('1.24', DATE '2023-10-31'),
        ('1.25', DATE '2024-03-30'),
        ('1.26', DATE '2024-06-30'),
        ('1.27', DATE '2024-10-01'),
        ('1.28', DATE '2025-02-04'),
        ('1.29', DATE '2025-04-12'),
        ('1.30', DATE '2025-09-30'),
        ('1.31', DATE '2026-01-16'),
        ('1.32', DATE '2026-04-11'),
        ('1.33', DATE '2026-08-03'),
        ('1.34', DATE '2026-10-01'),
        ('1.35', DATE '2027-04-11')
),
versions AS (
    SELECT
        resource_key,
        nullif(
            regexp_extract(config ->> '$.currentMasterVersion', '^\d+\.\d+'),
            ''
        ) AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
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
