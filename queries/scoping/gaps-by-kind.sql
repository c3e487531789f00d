/* ---
title = "What kinds of gaps stand between us and the audit"
description = """
Gaps of a scenario counted by kind, with how many parties and controls they touch and how many obligations rest on
them; and the places that could not be crawled. One by one: `gaps`.
"""
tables = ["inventory.gaps", "scoping.gaps"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "kind"
description = "failing_evidence, unknown_evidence, lapsed_reliance, no_report, unowned_cuec, no_evidence or unknown_coverage."

[[columns]]
name = "gaps"
description = "Gaps of this kind."

[[columns]]
name = "parties"
description = "Parties that they touch; for places that could not be crawled, scopes."

[[columns]]
name = "controls"
description = "Controls that they touch."

[[columns]]
name = "obligations"
description = "Obligations that rest on them; empty for places that could not be crawled."
--- */
WITH found AS (
    SELECT
        kind,
        party_id AS party,
        control_id,
        obligations
    FROM scoping.gaps
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
    UNION ALL
    SELECT
        'unknown_coverage' AS kind,
        provider || ' ' || scope_id AS party,
        NULL AS control_id,
        NULL AS obligations
    FROM inventory.gaps
)
SELECT
    kind,
    count(*) AS gaps,
    count(DISTINCT party) AS parties,
    count(DISTINCT control_id) AS controls,
    CAST(sum(obligations) AS BIGINT) AS obligations
FROM found
GROUP BY kind
ORDER BY count(*) DESC, kind;
