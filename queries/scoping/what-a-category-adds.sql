/* ---
title = "What each category adds to the audit"
description = """
For each category of a scenario: its criteria and the hours of their obligations; and, of these, the controls that
serve no other category in scope, with their hours: that is what would fall away without it.
"""
tables = ["controls.criteria", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "category"
description = "security, availability, confidentiality, processing_integrity or privacy."

[[columns]]
name = "criteria"
description = "Criteria of the category."

[[columns]]
name = "controls"
description = "Controls that serve one of them."

[[columns]]
name = "hours_likely"
description = "Hours of the obligations for these criteria, most likely."

[[columns]]
name = "own_controls"
description = "Controls that serve no other category in scope."

[[columns]]
name = "own_evidence"
description = "Pieces of evidence asked for by these alone."

[[columns]]
name = "own_hours_likely"
description = "Their hours, most likely: what would fall away."
--- */
WITH asked AS (
    SELECT
        criteria.category,
        obligations.criterion_id,
        obligations.control_id,
        obligations.evidence_requests AS requests,
        obligations.hours_likely AS hours
    FROM scoping.obligations AS obligations
    INNER JOIN controls.criteria AS criteria ON criteria.criterion_id = obligations.criterion_id
    WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
        AND obligations.treatment <> 'not_applicable'
),
reach AS (
    SELECT control_id, count(DISTINCT category) AS categories
    FROM asked
    GROUP BY control_id
)
SELECT
    asked.category,
    count(DISTINCT asked.criterion_id) AS criteria,
    count(DISTINCT asked.control_id) AS controls,
    round(sum(asked.hours), 1) AS hours_likely,
    count(DISTINCT CASE WHEN reach.categories = 1 THEN asked.control_id END) AS own_controls,
    CAST(sum(CASE WHEN reach.categories = 1 THEN asked.requests ELSE 0 END) AS BIGINT) AS own_evidence,
    round(sum(CASE WHEN reach.categories = 1 THEN asked.hours ELSE 0 END), 1) AS own_hours_likely
FROM asked
INNER JOIN reach ON reach.control_id = asked.control_id
GROUP BY asked.category
ORDER BY sum(asked.hours) DESC, asked.category;
