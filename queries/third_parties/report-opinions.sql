/* ---
title = "What the auditors of our vendors concluded"
description = """
Every report with its opinion, the criteria that a qualified one excepts, its exceptions, and how much of a scenario
rests on it. What is not unqualified comes first.
"""
tables = ["parties.report_exceptions", "parties.reports", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario whose reliance is counted."

[[columns]]
name = "party_id"
description = "The party; empty where nobody has said."

[[columns]]
name = "report_id"
description = "The report."

[[columns]]
name = "opinion"
description = "unqualified, qualified, adverse or disclaimer; empty where it was not found."

[[columns]]
name = "qualified_criteria"
description = "The criteria that a qualified opinion excepts."

[[columns]]
name = "exceptions"
description = "Exceptions in the tests of controls."

[[columns]]
name = "auditor"
description = "The service auditor."

[[columns]]
name = "issued_on"
description = "The day the auditor signed."

[[columns]]
name = "relied_on"
description = "Obligations of the scenario that it answers."
--- */
WITH exceptions AS (
    SELECT report_id, count(*) AS found FROM parties.report_exceptions GROUP BY report_id
),
relied AS (
    SELECT report_id, count(*) AS obligations
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND treatment = 'inherited'
    GROUP BY report_id
)
SELECT
    reports.party_id,
    reports.report_id,
    reports.opinion,
    array_join(reports.qualified_criteria, ', ') AS qualified_criteria,
    coalesce(exceptions.found, 0) AS exceptions,
    reports.auditor,
    reports.issued_on,
    coalesce(relied.obligations, 0) AS relied_on
FROM parties.reports AS reports
LEFT JOIN exceptions ON exceptions.report_id = reports.report_id
LEFT JOIN relied ON relied.report_id = reports.report_id
ORDER BY
    CASE reports.opinion
        WHEN 'adverse' THEN 1
        WHEN 'disclaimer' THEN 2
        WHEN 'qualified' THEN 3
        WHEN 'unqualified' THEN 5
        ELSE 4
    END,
    reports.party_id NULLS LAST,
    reports.report_id;
