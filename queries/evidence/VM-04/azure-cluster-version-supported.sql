/* ---
title = "Cluster runs a supported version"
description = """
Versions past their end get no fixes. Ends of support are those of the Kubernetes project (endoflife.date), with
grace_days for the time that providers go on patching.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "grace_days"
type = "integer"
default = 60
description = "How many days after the end of support still pass."

[check]
control = "VM-04"
criteria = ["CC7.1"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('1.26', DATE '2024-02-28'),
        ('1.27', DATE '2024-06-28'),
        ('1.28', DATE '2024-10-28'),
        ('1.29', DATE '2025-02-28'),
        ('1.30', DATE '2025-06-28'),
        ('1.31', DATE '2025-10-28'),
        ('1.32', DATE '2026-02-28'),
        ('1.33', DATE '2026-06-28'),
        ('1.34', DATE '2026-10-27'),
        ('1.35', DATE '2027-02-28')
),
versions AS (
    SELECT
        resource_key,
        nullif(
            regexp_extract(config ->> '$.properties.kubernetesVersion', '^\d+\.\d+'),
            ''
        ) AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 60) AS grace_days
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
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
