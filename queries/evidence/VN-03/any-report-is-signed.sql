/* ---
title = "Report names its auditor and the day of its opinion"
description = """
A report without an auditor or a signature date, or signed before its period ended, is a draft or a summary and can't
be relied on. Looks at the newest report of each party.
"""
tables = ["parties.reports", "parties.third_parties"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, auditor, issued_on, coalesce(period_end, as_of) AS speaks_until
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
        WHEN latest_reports.auditor IS NULL OR latest_reports.issued_on IS NULL THEN 'fail'
        WHEN latest_reports.speaks_until IS NULL THEN 'unknown'
        WHEN latest_reports.issued_on < latest_reports.speaks_until THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN latest_reports.auditor IS NULL THEN 'no auditor is named'
        WHEN latest_reports.issued_on IS NULL THEN 'no day of issue is named'
        WHEN latest_reports.speaks_until IS NULL THEN 'the period is not known'
        ELSE 'signed on ' || latest_reports.issued_on || ' for a period until ' || latest_reports.speaks_until
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
ORDER BY resource_key;
