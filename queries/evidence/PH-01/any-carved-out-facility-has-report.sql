/* ---
title = "Whoever keeps a vendor's facilities has a report to rely on"
description = """
A vendor that carves its data centres out only says what it assumes of their keepers. The assumption holds as far as the
keeper's own report, current or bridged, is held. Looks at what the newest report of each party assumes on CC6.4.
"""
tables = ["parties.reports", "parties.subservice_controls", "parties.third_parties"]

[check]
control = "PH-01"
criteria = ["CC6.4"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, reliance
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
),
assumed AS (
    SELECT
        reports.party_id,
        coalesce(controls.organization, controls.party_id, 'somebody unnamed') AS keeper,
        CASE
            WHEN controls.party_id IS NULL THEN 'unknown'
            WHEN kept.reliance IN ('current', 'bridged') THEN 'pass'
            WHEN kept.report_id IS NOT NULL AND coalesce(kept.reliance, 'not_evaluable') = 'not_evaluable'
                THEN 'unknown'
            ELSE 'fail'
        END AS status,
        coalesce(kept.reliance, 'no report held') AS standing
    FROM latest_reports AS reports
    INNER JOIN parties.subservice_controls AS controls ON controls.report_id = reports.report_id
    LEFT JOIN latest_reports AS kept ON kept.party_id = controls.party_id
    WHERE list_contains(controls.criteria, 'CC6.4')
),
judged AS (
    SELECT
        party_id,
        bool_or(status = 'fail') AS fails,
        bool_or(status = 'unknown') AS is_unknown,
        array_to_string(list_sort(list(DISTINCT keeper || ' (' || standing || ')')), ', ') AS keepers
    FROM assumed
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN judged.party_id IS NULL THEN 'not_applicable'
        WHEN judged.fails THEN 'fail'
        WHEN judged.is_unknown THEN 'unknown'
        ELSE 'pass'
    END AS status,
    coalesce('physical access is assumed of ' || judged.keepers, 'no report of it carves physical access out') AS reason
FROM parties.third_parties AS parties
LEFT JOIN judged ON judged.party_id = parties.party_id
ORDER BY resource_key;
