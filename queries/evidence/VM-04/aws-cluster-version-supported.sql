/* ---
title = "Cluster runs a supported version"
description = """
A version past its end gets no fixes, or only under paid extended support, which puts the upgrade off. Ends are those of
standard support on EKS, as AWS lists them (docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html, by way of
endoflife.date, 2025-12-19). Versions that the list lacks are unknown.
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
resource_type = "AWS::EKS::Cluster"
--- */
WITH supported (release, ends_on) AS (
    VALUES
        ('1.23', DATE '2023-10-11'),
        ('1.24', DATE '2024-01-31'),
        ('1.25', DATE '2024-05-01'),
        ('1.26', DATE '2024-06-11'),
        ('1.27', DATE '2024-07-24'),
        ('1.28', DATE '2024-11-26'),
        ('1.29', DATE '2025-03-23'),
        ('1.30', DATE '2025-07-23'),
        ('1.31', DATE '2025-11-26'),
        ('1.32', DATE '2026-03-23'),
        ('1.33', DATE '2026-07-29'),
        ('1.34', DATE '2026-12-02')
),
versions AS (
    SELECT
        resource_key,
        nullif(
            regexp_extract(config ->> '$.DescribeCluster.cluster.version', '^\d+\.\d+'),
            ''
        ) AS version,
        (SELECT max(finished_at) FROM inventory.runs)::DATE AS today,
        coalesce(getvariable('grace_days'), 0) AS grace_days
    FROM inventory.resources
    WHERE type = 'AWS::EKS::Cluster'
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
