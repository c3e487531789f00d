/* ---
title = "Where the hours go, by criterion"
description = """
Hours of a scenario by criterion, with how many parties it has to be shown for, how many have to be assessed and how
many a report answers. A control that serves several criteria shares its hours among their obligations.
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
name = "category"
description = "The category it belongs to."

[[columns]]
name = "repeats"
description = "Parties for which it has to be shown."

[[columns]]
name = "to_assess"
description = "Of those, parties that have to be assessed."

[[columns]]
name = "inherited"
description = "Parties whose report answers it."

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
    obligations.criterion_id,
    max(criteria.title) AS criterion,
    max(criteria.category) AS category,
    count(
        DISTINCT CASE
            WHEN obligations.treatment IN ('customer', 'shared', 'assess') THEN obligations.party_id
        END
    ) AS repeats,
    count(DISTINCT CASE WHEN obligations.treatment = 'assess' THEN obligations.party_id END) AS to_assess,
    count(DISTINCT CASE WHEN obligations.treatment = 'inherited' THEN obligations.party_id END) AS inherited,
    round(sum(obligations.hours_low), 1) AS hours_low,
    round(sum(obligations.hours_likely), 1) AS hours_likely,
    round(sum(obligations.hours_high), 1) AS hours_high
FROM scoping.obligations AS obligations
LEFT JOIN controls.criteria AS criteria ON criteria.criterion_id = obligations.criterion_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
GROUP BY obligations.criterion_id
ORDER BY sum(obligations.hours_likely) DESC, obligations.criterion_id;
