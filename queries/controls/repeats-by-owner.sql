/* ---
title = "What repeats, by the role that answers for it"
description = """
One row for each owner of controls: how many controls repeat, at how many third parties, how much evidence that is, and how much
of it the inventory already gives. For handing out the work.
"""
tables = ["controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "owner"
description = "The role that owns the controls."

[[columns]]
name = "controls"
description = "Controls of it that have to be shown."

[[columns]]
name = "parties"
description = "Third parties for which they have to be shown; the organization itself counts where a control is shown once."

[[columns]]
name = "obligations"
description = "Obligations of these."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."
--- */
SELECT
    coalesce(controls.owner, 'unknown') AS owner,
    count(DISTINCT obligations.control_id) AS controls,
    count(DISTINCT obligations.party_id) AS parties,
    count(*) AS obligations,
    CAST(sum(obligations.evidence_requests) AS BIGINT) AS evidence,
    CAST(sum(obligations.evidence_answered) AS BIGINT) AS answered,
    round(sum(obligations.hours_likely), 1) AS hours_likely
FROM scoping.obligations AS obligations
LEFT JOIN controls.controls AS controls ON controls.control_id = obligations.control_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
    AND obligations.treatment IN ('customer', 'shared', 'assess')
GROUP BY coalesce(controls.owner, 'unknown')
ORDER BY hours_likely DESC, owner;
