/* ---
title = "Scenarios side by side"
description = """
What each scenario covers, how big it is, and how many hours it differs from a base. `carveout scope compare` says
what drives a difference.
"""
tables = ["scoping.scenarios", "scoping.sizing"]

[[parameters]]
name = "base"
type = "text"
default = "current"
description = "The scenario to compare with."

[[columns]]
name = "scenario"
description = "The scenario."

[[columns]]
name = "categories"
description = "Its categories."

[[columns]]
name = "report_type"
description = "type1 or type2."

[[columns]]
name = "period_start"
description = "First day of its audit period."

[[columns]]
name = "period_end"
description = "Last day of its audit period."

[[columns]]
name = "without"
description = "Third parties that were left out by hand."

[[columns]]
name = "third_parties"
description = "Third parties in scope."

[[columns]]
name = "real_size"
description = "(criterion, party) pairs that really repeat."

[[columns]]
name = "hours_pert"
description = "PERT mean of the hours."

[[columns]]
name = "hours_difference"
description = "Hours more than the base; empty where the base has not been sized."

[[columns]]
name = "incomplete_units"
description = "Coverage rows that are not ok: what the size can't know."
--- */
WITH base AS (
    SELECT max(hours_pert) AS hours
    FROM scoping.sizing
    WHERE scenario = coalesce(getvariable('base'), 'current')
)
SELECT
    scenarios.scenario,
    array_join(scenarios.categories, ', ') AS categories,
    scenarios.report_type,
    scenarios.period_start,
    scenarios.period_end,
    array_join(scenarios.without_parties, ', ') AS without,
    sizing.third_parties,
    sizing.real_size,
    round(sizing.hours_pert, 0) AS hours_pert,
    round(sizing.hours_pert - base.hours, 0) AS hours_difference,
    sizing.incomplete_units
FROM scoping.scenarios AS scenarios
LEFT JOIN scoping.sizing AS sizing ON sizing.scenario = scenarios.scenario
CROSS JOIN base
ORDER BY CASE scenarios.scenario WHEN coalesce(getvariable('base'), 'current') THEN 0 ELSE 1 END, scenarios.scenario;
