/* ---
title = "Where the hours go, by control"
description = """
Hours of a scenario by control, the most first, with how many parties it has to be shown for. By party:
`hours-by-party`; by criterion: `hours-by-criterion`.
"""
tables = ["controls.controls", "scoping.obligations"]

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
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "owner"
description = "The role that owns it."

[[columns]]
name = "parties"
description = "Third parties for which it has to be shown; the organization counts as one."

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
    obligations.control_id,
    max(controls.title) AS control,
    max(controls.owner) AS owner,
    count(
        DISTINCT CASE
            WHEN obligations.treatment IN ('customer', 'shared', 'assess') THEN obligations.party_id
        END
    ) AS parties,
    CAST(sum(obligations.evidence_requests) AS BIGINT) AS evidence,
    CAST(sum(obligations.evidence_answered) AS BIGINT) AS answered,
    round(sum(obligations.hours_low), 1) AS hours_low,
    round(sum(obligations.hours_likely), 1) AS hours_likely,
    round(sum(obligations.hours_high), 1) AS hours_high
FROM scoping.obligations AS obligations
LEFT JOIN controls.controls AS controls ON controls.control_id = obligations.control_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
    AND coalesce(getvariable('party'), '') IN ('', obligations.party_id)
    AND obligations.treatment <> 'not_applicable'
GROUP BY obligations.control_id
ORDER BY sum(obligations.hours_likely) DESC, obligations.control_id;
