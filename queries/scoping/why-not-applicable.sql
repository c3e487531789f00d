/* ---
title = "What was left out of the scope, and why"
description = """
Obligations of a scenario that do not apply, by party and reason: what a reviewer has to agree with before it is left
out.
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
name = "party_id"
description = "The third party."

[[columns]]
name = "why"
description = "The reasons, in the order in which they decided."

[[columns]]
name = "obligations"
description = "Obligations left out for these."

[[columns]]
name = "controls"
description = "Controls of them."

[[columns]]
name = "criteria"
description = "Criteria of them."
--- */
WITH left_out AS (
    SELECT
        party_id,
        array_join(basis, '; ') AS reasons,
        control_id,
        criterion_id
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND treatment = 'not_applicable'
)
SELECT
    party_id,
    reasons AS why,
    count(*) AS obligations,
    count(DISTINCT control_id) AS controls,
    count(DISTINCT criterion_id) AS criteria
FROM left_out
WHERE coalesce(getvariable('party'), '') IN ('', party_id)
GROUP BY party_id, reasons
ORDER BY party_id, count(*) DESC, reasons;
