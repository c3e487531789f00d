/* ---
title = "Which criteria the gaps put at risk"
description = """
For each criterion of a scenario with gaps: how many of them are evidence that fails, evidence that is unknown,
vendors without a report to rely on, user entity controls that nobody owns, and evidence that is missing. The most
first.
"""
tables = ["controls.criteria", "scoping.gaps"]

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
name = "failing"
description = "Controls and parties with evidence that fails."

[[columns]]
name = "unknown"
description = "Those with evidence that could not be decided."

[[columns]]
name = "reports"
description = "Vendors with no report, or with one that can't be relied on."

[[columns]]
name = "cuecs"
description = "User entity controls that nobody owns."

[[columns]]
name = "missing"
description = "Those without evidence."

[[columns]]
name = "gaps"
description = "All of them."
--- */
SELECT
    criteria.criterion_id,
    max(criteria.title) AS criterion,
    count(*) FILTER (WHERE gaps.kind = 'failing_evidence') AS failing,
    count(*) FILTER (WHERE gaps.kind = 'unknown_evidence') AS unknown,
    count(*) FILTER (WHERE gaps.kind IN ('no_report', 'lapsed_reliance')) AS reports,
    count(*) FILTER (WHERE gaps.kind = 'unowned_cuec') AS cuecs,
    count(*) FILTER (WHERE gaps.kind = 'no_evidence') AS missing,
    count(*) AS gaps
FROM scoping.gaps AS gaps
INNER JOIN controls.criteria AS criteria ON array_contains(gaps.criterion_ids, criteria.criterion_id)
WHERE gaps.scenario = coalesce(getvariable('scenario'), 'current')
GROUP BY criteria.criterion_id
ORDER BY count(*) DESC, criteria.criterion_id;
