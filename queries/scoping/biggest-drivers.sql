/* ---
title = "What makes the audit as big as it is"
description = """
The pairs of a control and a party that cost most hours in a scenario, with their share of all obligations' hours and
the share that they make together with those above. Planning, the system description, reviews of reports and
assessments of vendors belong to no pair.
"""
tables = ["controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "top"
type = "integer"
default = 20
description = "How many pairs."

[[columns]]
name = "place"
description = "1 for the biggest."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "party"
description = "The third party; organization for what is shown once."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."

[[columns]]
name = "percent"
description = "The share of all obligations' hours, in percent."

[[columns]]
name = "cumulated_percent"
description = "The share that it makes with those above it."
--- */
WITH pairs AS (
    SELECT control_id, party_id, sum(hours_likely) AS hours
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND hours_likely > 0
    GROUP BY control_id, party_id
),
ranked AS (
    SELECT
        control_id,
        party_id,
        hours,
        row_number() OVER (ORDER BY hours DESC, control_id, party_id) AS place,
        sum(hours) OVER () AS total,
        sum(hours) OVER (
            ORDER BY hours DESC, control_id, party_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS cumulated
    FROM pairs
)
SELECT
    ranked.place,
    ranked.control_id,
    controls.title AS control,
    ranked.party_id AS party,
    round(ranked.hours, 1) AS hours_likely,
    round(100.0 * ranked.hours / ranked.total, 1) AS percent,
    round(100.0 * ranked.cumulated / ranked.total, 1) AS cumulated_percent
FROM ranked
LEFT JOIN controls.controls AS controls ON controls.control_id = ranked.control_id
WHERE ranked.place <= coalesce(getvariable('top'), 20)
ORDER BY ranked.place;
