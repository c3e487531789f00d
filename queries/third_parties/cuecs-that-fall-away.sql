/* ---
title = "What is no longer handed to us without a vendor"
description = """
Every user entity control (CUEC) of a vendor with the obligations that rest on it: those of its controls, at this vendor,
for its criteria. Without the vendor they fall away; who else hands something back on the same criteria stands beside
them.
"""
tables = ["scoping.cuec_trace", "scoping.obligations"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "The vendor that is dropped; each in turn without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party_id"
description = "The vendor."

[[columns]]
name = "cuec_ref"
description = "The report's own reference."

[[columns]]
name = "criteria"
description = "The criteria it bears on."

[[columns]]
name = "controls"
description = "Our controls that carry it out, or could."

[[columns]]
name = "obligations"
description = "Obligations that rest on it."

[[columns]]
name = "hours_likely"
description = "Their hours, most likely."

[[columns]]
name = "still_handed_back_by"
description = "Other vendors that hand something back on one of its criteria; empty where the criteria are freed."

[[columns]]
name = "description"
description = "What we have to do."

[[columns]]
name = "report_id"
description = "The report."
--- */
WITH traced AS (
    SELECT party_id, report_id, cuec_ref, description, criteria, control_ids
    FROM scoping.cuec_trace
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
),
bearing AS (
    SELECT party_id, unnest(criteria) AS criterion_id FROM traced
),
resting AS (
    SELECT
        traced.party_id,
        traced.report_id,
        traced.cuec_ref,
        traced.description,
        count(*) AS obligations,
        sum(obligations.hours_likely) AS hours_likely
    FROM traced
    INNER JOIN scoping.obligations AS obligations
        ON obligations.party_id = traced.party_id
        AND array_contains(traced.criteria, obligations.criterion_id)
        AND array_contains(traced.control_ids, obligations.control_id)
    WHERE
        obligations.scenario = coalesce(getvariable('scenario'), 'current')
        AND obligations.treatment IN ('customer', 'shared')
    GROUP BY traced.party_id, traced.report_id, traced.cuec_ref, traced.description
),
others AS (
    SELECT
        traced.party_id,
        traced.report_id,
        traced.cuec_ref,
        traced.description,
        array_join(array_sort(array_agg(DISTINCT bearing.party_id)), ', ') AS party_ids
    FROM traced
    INNER JOIN bearing
        ON bearing.party_id <> traced.party_id AND array_contains(traced.criteria, bearing.criterion_id)
    GROUP BY traced.party_id, traced.report_id, traced.cuec_ref, traced.description
)
SELECT
    traced.party_id,
    traced.cuec_ref,
    array_join(traced.criteria, ', ') AS criteria,
    array_join(traced.control_ids, ', ') AS controls,
    coalesce(resting.obligations, 0) AS obligations,
    round(coalesce(resting.hours_likely, 0), 1) AS hours_likely,
    others.party_ids AS still_handed_back_by,
    traced.description,
    traced.report_id
FROM traced
LEFT JOIN resting
    ON resting.party_id = traced.party_id
    AND resting.report_id = traced.report_id
    AND resting.cuec_ref = traced.cuec_ref
    AND resting.description = traced.description
LEFT JOIN others
    ON others.party_id = traced.party_id
    AND others.report_id = traced.report_id
    AND others.cuec_ref = traced.cuec_ref
    AND others.description = traced.description
WHERE coalesce(getvariable('party'), '') IN ('', traced.party_id)
ORDER BY traced.party_id, traced.report_id, traced.cuec_ref, traced.description;
