/* ---
title = "Which evidence each owner still has to bring"
description = """
Pieces of evidence that a scenario asks for and the inventory does not answer, by owner, control and party: the
request list of each role. Totals by owner are in `repeats-by-owner`.
"""
tables = ["controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "owner"
type = "text"
default = ""
description = "Only this role; all without it."

[[columns]]
name = "owner"
description = "The role that owns the control."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "party"
description = "The third party; organization for what is shown once."

[[columns]]
name = "asked"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "open"
description = "How many are left."
--- */
WITH asked AS (
    SELECT
        control_id,
        party_id,
        CAST(sum(evidence_requests) AS BIGINT) AS requests,
        CAST(sum(evidence_answered) AS BIGINT) AS answers
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
    GROUP BY control_id, party_id
)
SELECT
    coalesce(controls.owner, 'unknown') AS owner,
    asked.control_id,
    controls.title AS control,
    asked.party_id AS party,
    asked.requests AS asked,
    asked.answers AS answered,
    asked.requests - asked.answers AS open
FROM asked
LEFT JOIN controls.controls AS controls ON controls.control_id = asked.control_id
WHERE asked.requests > asked.answers
    AND coalesce(getvariable('owner'), '') IN ('', coalesce(controls.owner, 'unknown'))
ORDER BY coalesce(controls.owner, 'unknown'), asked.requests - asked.answers DESC, asked.control_id, asked.party_id;
