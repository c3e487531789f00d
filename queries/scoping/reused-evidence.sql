/* ---
title = "Which evidence a framework in place already gives"
description = """
Obligations of a scenario whose evidence is reused from a framework in place, by criterion, with the framework's
controls that are mapped to it. A mapping is no proof: look at `crosswalk-agreement` before relying on it.
"""
tables = ["controls.criteria", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "criterion_id"
description = "The criterion."

[[columns]]
name = "criterion"
description = "Its short title."

[[columns]]
name = "reused_from"
description = "The framework's controls."

[[columns]]
name = "obligations"
description = "Obligations that reuse their evidence."

[[columns]]
name = "controls"
description = "Controls of these."

[[columns]]
name = "parties"
description = "Third parties of these; the organization counts as one."
--- */
SELECT
    obligations.criterion_id,
    max(criteria.title) AS criterion,
    obligations.reused_from,
    count(*) AS obligations,
    count(DISTINCT obligations.control_id) AS controls,
    count(DISTINCT obligations.party_id) AS parties
FROM scoping.obligations AS obligations
LEFT JOIN controls.criteria AS criteria ON criteria.criterion_id = obligations.criterion_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
    AND obligations.reused_from IS NOT NULL
GROUP BY obligations.criterion_id, obligations.reused_from
ORDER BY count(*) DESC, obligations.criterion_id, obligations.reused_from;
