/* ---
title = "Controls that the inventory can't give evidence for"
description = """
Controls without a single check: people have to show them. With what a scenario asks for them, the most evidence
first.
"""
tables = ["controls.checks", "controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "kind"
description = "manual or automated."

[[columns]]
name = "frequency"
description = "How often it operates."

[[columns]]
name = "owner"
description = "The role that owns it."

[[columns]]
name = "parties"
description = "Third parties for which it has to be shown; the organization counts as one."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."
--- */
WITH asked AS (
    SELECT
        control_id,
        count(DISTINCT party_id) AS parties,
        CAST(sum(evidence_requests) AS BIGINT) AS requests
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND treatment IN ('customer', 'shared', 'assess')
    GROUP BY control_id
)
SELECT
    controls.control_id,
    controls.title AS control,
    controls.kind,
    controls.frequency,
    controls.owner,
    coalesce(asked.parties, 0) AS parties,
    coalesce(asked.requests, 0) AS evidence
FROM controls.controls AS controls
LEFT JOIN asked ON asked.control_id = controls.control_id
LEFT JOIN controls.checks AS checks ON checks.control_id = controls.control_id
WHERE checks.check_id IS NULL
ORDER BY coalesce(asked.requests, 0) DESC, controls.control_id;
