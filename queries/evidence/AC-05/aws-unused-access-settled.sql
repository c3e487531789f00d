/* ---
title = "Unused access is settled within 90 days of its finding"
description = """
A right that nobody uses and that a review has seen is either taken away or kept for a reason (an archived finding).
Findings of unused access that stay open longer than 90 days fail.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_open_days"
type = "integer"
default = 90
description = "For how many days a finding may stay open."

[check]
control = "AC-05"
criteria = ["CC6.2", "CC6.3"]
provider = "aws"
resource_type = "AWS::AccessAnalyzer::Finding"
--- */
WITH findings AS (
    SELECT
        resource_key,
        config ->> '$.findingType' AS finding_type,
        config ->> '$.status' AS state,
        date_diff(
            'day',
            try_cast(config ->> '$.createdAt' AS TIMESTAMP),
            (SELECT max(finished_at) FROM inventory.runs)
        ) AS age_days,
        coalesce(getvariable('max_open_days'), 90) AS max_open_days
    FROM inventory.resources
    WHERE type = 'AWS::AccessAnalyzer::Finding'
)

SELECT
    resource_key,
    CASE
        WHEN finding_type NOT LIKE 'Unused%' THEN 'not_applicable'
        WHEN state <> 'ACTIVE' THEN 'pass'
        WHEN age_days IS NULL OR state IS NULL THEN 'unknown'
        WHEN age_days <= max_open_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN finding_type NOT LIKE 'Unused%' THEN 'finding of another kind: ' || finding_type
        WHEN age_days IS NULL OR state IS NULL THEN 'age or state of the finding is not known'
        ELSE finding_type || ' is ' || lower(state) || ', ' || age_days || ' days old'
    END AS reason
FROM findings
ORDER BY resource_key;
