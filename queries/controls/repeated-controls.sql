/* ---
title = "Controls that repeat, with the parties they repeat for"
description = """
One row for each control that has to be shown more than once: for how many parties, which they are by treatment, and what
that asks for. The same facts party by party are in `controls-repeat-per-provider`.
"""
tables = ["controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "repeats"
description = "Parties for which it repeats."

[[columns]]
name = "ours"
description = "Parties for which we own it outright, or share it."

[[columns]]
name = "to_assess"
description = "Parties that have to be assessed, because no report can be relied on."

[[columns]]
name = "inherited"
description = "Parties whose report answers all of it."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."
--- */
WITH per_party AS (
    SELECT
        control_id,
        party_id,
        bool_or(treatment IN ('customer', 'shared')) AS is_ours,
        bool_or(treatment = 'assess') AS is_assessed,
        bool_or(treatment = 'inherited') AS is_inherited,
        sum(evidence_requests) AS requests,
        sum(evidence_answered) AS requests_answered,
        sum(hours_likely) AS hours
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND treatment <> 'not_applicable'
    GROUP BY control_id, party_id
)
SELECT
    per_party.control_id,
    max(controls.title) AS control,
    count(*) FILTER (WHERE is_ours OR is_assessed) AS repeats,
    array_join(array_sort(array_agg(per_party.party_id) FILTER (WHERE is_ours)), ', ') AS ours,
    array_join(array_sort(array_agg(per_party.party_id) FILTER (WHERE is_assessed)), ', ') AS to_assess,
    array_join(
        array_sort(array_agg(per_party.party_id) FILTER (WHERE is_inherited AND NOT is_ours AND NOT is_assessed)), ', '
    ) AS inherited,
    CAST(sum(requests) AS BIGINT) AS evidence,
    CAST(sum(requests_answered) AS BIGINT) AS answered,
    round(sum(hours), 1) AS hours_likely
FROM per_party
LEFT JOIN controls.controls AS controls ON controls.control_id = per_party.control_id
GROUP BY per_party.control_id
HAVING count(*) FILTER (WHERE is_ours OR is_assessed) > 1
ORDER BY repeats DESC, per_party.control_id;
