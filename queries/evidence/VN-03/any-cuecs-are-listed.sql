/* ---
title = "Carve-out report lists what it hands back"
description = """
Nearly every report of a cloud service expects something of its users. One that lists no user entity controls was read
incompletely, or the section is missing; both need another look.
"""
tables = ["parties.reports", "parties.third_parties", "parties.user_entity_controls"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, subservice_method, reliance
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'not_applicable'
        WHEN count(cuecs.cuec_ref) > 0 THEN 'pass'
        WHEN latest_reports.reliance = 'not_evaluable' THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN count(cuecs.cuec_ref) > 0 THEN 'CUECs listed: ' || count(cuecs.cuec_ref)
        WHEN latest_reports.reliance = 'not_evaluable' THEN 'the report could not be evaluated'
        ELSE 'no CUECs were read from the report'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
LEFT JOIN parties.user_entity_controls AS cuecs ON cuecs.report_id = latest_reports.report_id
GROUP BY parties.party_id, latest_reports.party_id, latest_reports.reliance
ORDER BY resource_key;
