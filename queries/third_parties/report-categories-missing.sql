/* ---
title = "Categories in scope that a vendor's reports do not cover"
description = """
Parties that a scenario asks something of, and the categories in scope for which none of their current or bridged
reports speaks. Obligations there can't be inherited, however good the report is.
"""
tables = ["controls.criteria", "parties.reports", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "category"
description = "security, availability, confidentiality, processing_integrity or privacy."

[[columns]]
name = "obligations"
description = "Obligations of the party in this category."

[[columns]]
name = "reports"
description = "Reports of the party that can be relied on for something else."
--- */
WITH asked AS (
    SELECT
        obligations.party_id,
        criteria.category,
        count(*) AS obligations
    FROM scoping.obligations AS obligations
    INNER JOIN controls.criteria AS criteria ON criteria.criterion_id = obligations.criterion_id
    WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
        AND obligations.treatment <> 'not_applicable'
        AND obligations.party_id <> 'organization'
    GROUP BY obligations.party_id, criteria.category
),
relied AS (
    SELECT
        asked.party_id,
        asked.category,
        count(reports.report_id) AS reports,
        coalesce(bool_or(array_contains(reports.categories, asked.category)), false) AS is_covered
    FROM asked
    LEFT JOIN parties.reports AS reports
        ON reports.party_id = asked.party_id AND reports.reliance IN ('current', 'bridged')
    GROUP BY asked.party_id, asked.category
)
SELECT
    asked.party_id,
    asked.category,
    asked.obligations,
    relied.reports
FROM asked
INNER JOIN relied ON relied.party_id = asked.party_id AND relied.category = asked.category
WHERE NOT relied.is_covered
ORDER BY asked.obligations DESC, asked.party_id, asked.category;
