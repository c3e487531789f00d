/* ---
title = "Report of the party still speaks"
description = """
Reliance fades with age: a report is current up to twelve months after its period, bridged by a letter for three more,
then stale and expired. The best of a party's reports counts; an adverse opinion or a type 1 makes it unreliable.
"""
tables = ["parties.reports", "parties.third_parties"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH best_reports AS (
    SELECT report_id, party_id, reliance, judged_on, coalesce(period_end, as_of) AS speaks_until
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id
        ORDER BY list_position(
            ['current', 'bridged', 'not_evaluable', 'stale', 'expired', 'unreliable'],
            coalesce(reliance, 'not_evaluable')
        ), report_id
    ) = 1
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN best_reports.party_id IS NULL THEN 'not_applicable'
        WHEN best_reports.reliance IN ('current', 'bridged') THEN 'pass'
        WHEN coalesce(best_reports.reliance, 'not_evaluable') = 'not_evaluable' THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN best_reports.party_id IS NULL THEN 'no report is held'
        ELSE coalesce(best_reports.reliance, 'not judged') || ' on ' || best_reports.judged_on || ', speaks until '
            || coalesce(CAST(best_reports.speaks_until AS VARCHAR), 'an unknown day')
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN best_reports ON best_reports.party_id = parties.party_id
ORDER BY resource_key;
