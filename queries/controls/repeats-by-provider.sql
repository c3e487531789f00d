/* ---
title = "What repeats at each provider, in one row"
description = """
One row for each provider or third party of a scenario: how many controls have to be shown again for it and why, how many its
report answers, and what that asks for. Control by control: `controls-repeat-per-provider`.
"""
tables = ["scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party"
description = "The provider or third party (party_id)."

[[columns]]
name = "repeats"
description = "Controls that have to be shown again for it."

[[columns]]
name = "ours"
description = "Of those, controls that we own or share on every criterion that repeats."

[[columns]]
name = "assess"
description = "Of those, controls for which the vendor has to be assessed, because no report can be relied on."

[[columns]]
name = "inherited"
description = "Controls that its report answers whole."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."
--- */
WITH per_control AS (
    SELECT
        party_id,
        control_id,
        bool_or(treatment IN ('customer', 'shared', 'assess')) AS repeats,
        bool_or(treatment = 'assess') AS is_assessed,
        bool_or(treatment = 'inherited') AS is_inherited,
        sum(evidence_requests) AS requests,
        sum(hours_likely) AS hours
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND party_id <> 'organization'
    GROUP BY party_id, control_id
)
SELECT
    party_id AS party,
    count(*) FILTER (WHERE repeats) AS repeats,
    count(*) FILTER (WHERE repeats AND NOT is_assessed) AS ours,
    count(*) FILTER (WHERE is_assessed) AS assess,
    count(*) FILTER (WHERE is_inherited AND NOT repeats) AS inherited,
    CAST(sum(requests) AS BIGINT) AS evidence,
    round(sum(hours), 1) AS hours_likely
FROM per_control
GROUP BY party_id
HAVING count(*) FILTER (WHERE repeats OR is_inherited) > 0
ORDER BY repeats DESC, party;
