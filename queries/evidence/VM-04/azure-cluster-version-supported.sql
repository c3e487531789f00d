/* ---
title = "Cluster runs a supported version"
description = """
A version past its end gets no fixes for Kubernetes; long-term support is another plan and is not looked at. Ends are
those of AKS, as Microsoft lists them (learn.microsoft.com/azure/aks/supported-kubernetes-versions, read in 2026; 1.28
and older by way of endoflife.date); a month stands for its last day. Versions that the list lacks are unknown.
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
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('1.23', DATE '2023-04-02'),
        ('1.24', DATE '2023-07-31'),
        ('1.25', DATE '2024-01-14'),
        ('1.26', DATE '2024-04-11'),
        ('1.27', DATE '2024-07-31'),
        ('1.28', DATE '2025-01-31'),
        ('1.29', DATE '2025-03-31'),
        ('1.30', DATE '2025-08-22'),
        ('1.31', DATE '2025-11-01'),
        ('1.32', DATE '2026-03-31'),
        ('1.33', DATE '2026-07-31'),
        ('1.34', DATE '2026-11-30'),
        ('1.35', DATE '2027-03-31'),
        ('1.36', DATE '2027-06-30')
),
versions AS (
    SELECT
        resource_key,
        nullif(
            regexp_extract(config ->> '$.properties.kubernetesVersion', '^\d+\.\d+'),
            ''
        ) AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
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
        WHEN date_diff('day', ends_on, today) <= grace_days THEN version || ' is in standard support until ' || ends_on
        ELSE version || ' left standard support on ' || ends_on
    END AS reason
FROM versions
LEFT JOIN supported ON supported.release = versions.version
ORDER BY resource_key;
