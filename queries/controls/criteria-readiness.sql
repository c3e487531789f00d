/* ---
title = "Where we stand, criterion by criterion"
description = """
For each criterion of a scenario: the controls that serve it, how many of these have checks, what the checks found,
for how many parties it has to be shown and how many a report answers. Unknown is never pass.
"""
tables = ["controls.check_results", "controls.checks", "controls.criteria", "scoping.obligations"]

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
name = "controls"
description = "Controls that serve it in the scenario."

[[columns]]
name = "with_checks"
description = "How many of these have a check that bears on it."

[[columns]]
name = "pass"
description = "Results that pass."

[[columns]]
name = "fail"
description = "Results that fail."

[[columns]]
name = "unknown"
description = "Results that could not be decided."

[[columns]]
name = "repeats"
description = "Parties for which it has to be shown."

[[columns]]
name = "inherited"
description = "Parties whose report answers it."
--- */
WITH asked AS (
    SELECT
        criterion_id,
        count(DISTINCT CASE WHEN treatment <> 'not_applicable' THEN control_id END) AS controls,
        count(
            DISTINCT CASE WHEN treatment IN ('customer', 'shared', 'assess') THEN party_id END
        ) AS repeating,
        count(DISTINCT CASE WHEN treatment = 'inherited' THEN party_id END) AS answering
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
    GROUP BY criterion_id
),
serving AS (
    SELECT DISTINCT criterion_id, control_id
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND treatment <> 'not_applicable'
),
found AS (
    SELECT
        serving.criterion_id,
        count(DISTINCT checks.control_id) AS checked_controls,
        count(DISTINCT CASE WHEN results.status = 'pass' THEN results.check_id || ' ' || results.resource_key END)
            AS passed,
        count(DISTINCT CASE WHEN results.status = 'fail' THEN results.check_id || ' ' || results.resource_key END)
            AS failed,
        count(DISTINCT CASE WHEN results.status = 'unknown' THEN results.check_id || ' ' || results.resource_key END)
            AS undecided
    FROM serving
    INNER JOIN controls.checks AS checks
        ON checks.control_id = serving.control_id AND array_contains(checks.criterion_ids, serving.criterion_id)
    LEFT JOIN controls.check_results AS results ON results.check_id = checks.check_id
    GROUP BY serving.criterion_id
)
SELECT
    asked.criterion_id,
    criteria.title AS criterion,
    asked.controls,
    coalesce(found.checked_controls, 0) AS with_checks,
    coalesce(found.passed, 0) AS pass,
    coalesce(found.failed, 0) AS fail,
    coalesce(found.undecided, 0) AS unknown,
    asked.repeating AS repeats,
    asked.answering AS inherited
FROM asked
LEFT JOIN controls.criteria AS criteria ON criteria.criterion_id = asked.criterion_id
LEFT JOIN found ON found.criterion_id = asked.criterion_id
ORDER BY asked.criterion_id;
