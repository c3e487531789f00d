/* ---
title = "Which days of the audit period do reports speak for"
description = """
For each third party and criterion, the audit period to the day: covered by a type 2 report, by a bridge letter, by a
report that can't be judged (under NDA, a section missing, its period unknown), or by nothing, with the reason. The days
of a party and a criterion add up to the period. How each report stands as a whole is in `report-coverage`.
"""
tables = ["scoping.report_coverage"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only this party; all without it."

[[parameters]]
name = "criterion"
type = "text"
default = ""
description = "Only this criterion; all without it."

[[parameters]]
name = "class"
type = "text"
default = ""
description = "Only report, bridge_letter, not_evaluable or nothing; all without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "criterion_id"
description = "The criterion."

[[columns]]
name = "class"
description = "report, bridge_letter, not_evaluable or nothing."

[[columns]]
name = "from_day"
description = "First day."

[[columns]]
name = "to_day"
description = "Last day."

[[columns]]
name = "days"
description = "Days, both ends included."

[[columns]]
name = "percent"
description = "Their part of the audit period."

[[columns]]
name = "report_id"
description = "The report, or the one that comes nearest where nothing speaks; empty where none is at hand."

[[columns]]
name = "reason"
description = "Why."
--- */
WITH periods AS (
    SELECT scenario, party_id, criterion_id, sum(days) AS period_days
    FROM scoping.report_coverage
    GROUP BY scenario, party_id, criterion_id
)
SELECT
    coverage.party_id,
    coverage.criterion_id,
    coverage.class,
    coverage.from_day,
    coverage.to_day,
    coverage.days,
    round(100.0 * coverage.days / periods.period_days, 1) AS percent,
    coverage.report_id,
    coverage.reason
FROM scoping.report_coverage AS coverage
INNER JOIN periods
    ON periods.scenario = coverage.scenario
    AND periods.party_id = coverage.party_id
    AND periods.criterion_id = coverage.criterion_id
WHERE
    coverage.scenario = coalesce(getvariable('scenario'), 'current')
    AND coalesce(getvariable('party'), '') IN ('', coverage.party_id)
    AND coalesce(getvariable('criterion'), '') IN ('', coverage.criterion_id)
    AND coalesce(getvariable('class'), '') IN ('', coverage.class)
ORDER BY coverage.party_id, coverage.criterion_id, coverage.from_day;
