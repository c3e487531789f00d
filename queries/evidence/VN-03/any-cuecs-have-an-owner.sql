/* ---
title = "User entity controls handed back have a control of ours"
description = """
A carve-out counts only while we carry out the complementary user entity controls (CUECs) of the report. Each CUEC of
the newest report has to name criteria, and every one of those has to be served by a control of ours.
"""
tables = [
    "controls.control_criteria",
    "controls.controls",
    "parties.reports",
    "parties.third_parties",
    "parties.user_entity_controls",
]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, period_end, as_of
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
),
owned AS (
    SELECT coalesce(list(DISTINCT control_criteria.criterion_id), []) AS criteria
    FROM controls.control_criteria AS control_criteria
    INNER JOIN controls.controls AS controls ON controls.control_id = control_criteria.control_id
),
handed_back AS (
    SELECT
        cuecs.report_id,
        cuecs.cuec_ref,
        len(coalesce(cuecs.criteria, [])) = 0 AS is_unmapped,
        list_filter(cuecs.criteria, lambda criterion: NOT list_contains(owned.criteria, criterion)) AS unowned
    FROM parties.user_entity_controls AS cuecs
    CROSS JOIN owned
),
counted AS (
    SELECT
        report_id,
        count(*) AS cuecs,
        string_agg(cuec_ref, ', ' ORDER BY cuec_ref) FILTER (WHERE is_unmapped) AS unmapped_refs,
        string_agg(cuec_ref, ', ' ORDER BY cuec_ref) FILTER (WHERE len(unowned) > 0) AS unowned_refs
    FROM handed_back
    GROUP BY report_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN counted.report_id IS NULL THEN 'not_applicable'
        WHEN counted.unmapped_refs IS NULL AND counted.unowned_refs IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN counted.report_id IS NULL THEN 'the report hands nothing back'
        WHEN counted.unowned_refs IS NOT NULL THEN 'no control of ours serves ' || counted.unowned_refs
        WHEN counted.unmapped_refs IS NOT NULL THEN 'no criterion is named by ' || counted.unmapped_refs
        ELSE 'CUECs with an owner: ' || counted.cuecs
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
LEFT JOIN counted ON counted.report_id = latest_reports.report_id
ORDER BY resource_key;
