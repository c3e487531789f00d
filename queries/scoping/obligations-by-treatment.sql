/* ---
title = "How the obligations are treated, and what that costs"
description = """
Obligations of a scenario by treatment: how many controls, criteria and parties, how much evidence, and the hours.
`customer`, `shared` and `assess` repeat; an assessment and the review of a report are counted once for each vendor,
in the size of the scenario, and `not_applicable` costs nothing.
"""
tables = ["scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only this third party (its party_id); all without it."

[[columns]]
name = "treatment"
description = "customer, shared, assess, inherited or not_applicable."

[[columns]]
name = "obligations"
description = "Obligations: a control, a criterion and a party."

[[columns]]
name = "controls"
description = "Controls of these."

[[columns]]
name = "parties"
description = "Third parties of these; the organization counts as one."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "hours_low"
description = "Hours, optimistic."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."

[[columns]]
name = "hours_high"
description = "Hours, pessimistic."
--- */
SELECT
    treatment,
    count(*) AS obligations,
    count(DISTINCT control_id) AS controls,
    count(DISTINCT party_id) AS parties,
    CAST(sum(evidence_requests) AS BIGINT) AS evidence,
    CAST(sum(evidence_answered) AS BIGINT) AS answered,
    round(sum(hours_low), 1) AS hours_low,
    round(sum(hours_likely), 1) AS hours_likely,
    round(sum(hours_high), 1) AS hours_high
FROM scoping.obligations
WHERE scenario = coalesce(getvariable('scenario'), 'current')
    AND coalesce(getvariable('party'), '') IN ('', party_id)
GROUP BY treatment
ORDER BY sum(hours_likely) DESC, count(*) DESC, treatment;
