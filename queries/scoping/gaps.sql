/* ---
title = "What stands between us and the audit"
description = """
Evidence that fails, is unknown or is missing, vendors without a report that can be relied on, user entity controls that
nobody owns; then the places that could not be crawled. First what puts most criteria at risk.
"""
tables = ["inventory.gaps", "scoping.gaps"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "kind"
type = "text"
default = ""
description = "Only gaps of this kind."

[[columns]]
name = "kind"
description = "failing_evidence, unknown_evidence, lapsed_reliance, no_report, unowned_cuec, no_evidence or unknown_coverage."

[[columns]]
name = "control_id"
description = "The control, where the gap is about one."

[[columns]]
name = "party"
description = "The third party; organization for what is shown once; the scope, for a place that could not be crawled."

[[columns]]
name = "criteria"
description = "How many criteria it puts at risk; empty for a place that could not be crawled."

[[columns]]
name = "obligations"
description = "Obligations that rest on it; empty for a place that could not be crawled."

[[columns]]
name = "what"
description = "What is wrong."
--- */
WITH found AS (
    SELECT
        kind,
        control_id,
        party_id AS party,
        len(criterion_ids) AS criteria,
        obligations,
        what
    FROM scoping.gaps
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
    UNION ALL
    SELECT
        'unknown_coverage' AS kind,
        NULL AS control_id,
        concat(provider, ' ', scope_id) AS party,
        NULL AS criteria,
        NULL AS obligations,
        concat(type, ' in ', region, ': ', status, CASE WHEN message IS NULL THEN '' ELSE ': ' || message END) AS what
    FROM inventory.gaps
)
SELECT
    kind,
    control_id,
    party,
    criteria,
    obligations,
    what
FROM found
WHERE coalesce(getvariable('kind'), '') IN ('', kind)
ORDER BY criteria DESC NULLS LAST, obligations DESC NULLS LAST, kind, control_id NULLS LAST, party, what;
