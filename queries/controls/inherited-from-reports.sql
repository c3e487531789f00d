/* ---
title = "What is inherited, and from which report"
description = """
One row for each report that is relied on: for how many controls and criteria it answers, how it stands, and until when its period
speaks. What is not here is shown by us or assessed.
"""
tables = ["parties.reports", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party"
description = "The party whose report it is."

[[columns]]
name = "report_id"
description = "The report; empty where the scenario assumes one."

[[columns]]
name = "reliance"
description = "current, bridged or another class; empty where the scenario assumes the report."

[[columns]]
name = "speaks_until"
description = "Last day of its period."

[[columns]]
name = "controls"
description = "Controls that it answers for."

[[columns]]
name = "criteria"
description = "Criteria that it answers for."

[[columns]]
name = "obligations"
description = "Obligations that rest on it."
--- */
SELECT
    obligations.party_id AS party,
    obligations.report_id,
    reports.reliance,
    coalesce(reports.period_end, reports.as_of) AS speaks_until,
    count(DISTINCT obligations.control_id) AS controls,
    count(DISTINCT obligations.criterion_id) AS criteria,
    count(*) AS obligations
FROM scoping.obligations AS obligations
LEFT JOIN parties.reports AS reports ON reports.report_id = obligations.report_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
    AND obligations.treatment = 'inherited'
GROUP BY obligations.party_id, obligations.report_id, reports.reliance, coalesce(reports.period_end, reports.as_of)
ORDER BY obligations DESC, party, report_id NULLS LAST;
