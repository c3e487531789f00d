/* ---
title = "How much each vendor's report hands back to us"
description = """
For each report, its complementary user entity controls (CUECs) counted, with the criteria they bear on and how many
of our controls serve these. A CUEC that names no criterion has to be placed by hand. The texts are in `cuecs-to-own`.
"""
tables = ["controls.control_criteria", "controls.criteria", "parties.reports", "parties.user_entity_controls"]

[[columns]]
name = "party_id"
description = "The vendor; empty where nobody has said."

[[columns]]
name = "report_id"
description = "The report."

[[columns]]
name = "reliance"
description = "Whether the report's period still speaks."

[[columns]]
name = "cuecs"
description = "User entity controls."

[[columns]]
name = "without_criterion"
description = "How many of these name no criterion that we know."

[[columns]]
name = "criteria"
description = "The criteria they bear on."

[[columns]]
name = "controls"
description = "Controls of ours that serve one of these criteria."
--- */
WITH placed AS (
    SELECT
        cuecs.report_id,
        count(DISTINCT cuecs.cuec_ref || ' ' || cuecs.description) AS placed_cuecs,
        array_join(array_sort(array_agg(DISTINCT criteria.criterion_id)), ', ') AS criterion_ids,
        count(DISTINCT serving.control_id) AS controls
    FROM parties.user_entity_controls AS cuecs
    INNER JOIN controls.criteria AS criteria ON array_contains(cuecs.criteria, criteria.criterion_id)
    LEFT JOIN controls.control_criteria AS serving ON serving.criterion_id = criteria.criterion_id
    GROUP BY cuecs.report_id
),
counted AS (
    SELECT report_id, count(*) AS cuecs FROM parties.user_entity_controls GROUP BY report_id
)
SELECT
    reports.party_id,
    counted.report_id,
    coalesce(reports.reliance, 'not_evaluable') AS reliance,
    counted.cuecs,
    counted.cuecs - coalesce(placed.placed_cuecs, 0) AS without_criterion,
    placed.criterion_ids AS criteria,
    coalesce(placed.controls, 0) AS controls
FROM counted
INNER JOIN parties.reports AS reports ON reports.report_id = counted.report_id
LEFT JOIN placed ON placed.report_id = counted.report_id
ORDER BY counted.cuecs DESC, reports.party_id NULLS LAST, counted.report_id;
