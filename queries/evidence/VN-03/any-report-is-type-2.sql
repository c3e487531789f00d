/* ---
title = "Newest report of the party is a type 2"
description = """
A type 1 speaks for the design of controls on one day and never for their operation over a period, so a type 2 audit
can't lean on it.
"""
tables = ["parties.reports", "parties.third_parties"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, report_type, as_of, period_start, period_end
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
        WHEN latest_reports.report_type = 'type2' THEN 'pass'
        WHEN latest_reports.report_type = 'type1' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN latest_reports.report_type = 'type1'
            THEN 'type 1, as of ' || coalesce(CAST(latest_reports.as_of AS VARCHAR), 'an unknown day')
        ELSE latest_reports.report_type || ', '
            || coalesce(latest_reports.period_start || ' to ' || latest_reports.period_end, 'period not known')
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
ORDER BY resource_key;
