/* ---
title = "Bridge letter spans no more than three months"
description = """
A bridge letter is the vendor's own word, without an auditor, so practice accepts it for a short gap only:
max_bridge_days after the end of the period. Looks at the newest report of each party.
"""
tables = ["parties.reports", "parties.third_parties"]

[[parameters]]
name = "max_bridge_days"
type = "integer"
default = 92
description = "Days after the period that a letter may speak for."

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, period_end, bridge_until
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN latest_reports.bridge_until IS NULL THEN 'not_applicable'
        WHEN latest_reports.period_end IS NULL THEN 'unknown'
        WHEN date_diff('day', latest_reports.period_end, latest_reports.bridge_until)
            <= coalesce(getvariable('max_bridge_days'), 92) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN latest_reports.bridge_until IS NULL THEN 'no bridge letter is held'
        WHEN latest_reports.period_end IS NULL THEN 'the end of the period is not known'
        ELSE 'the letter speaks for '
            || date_diff('day', latest_reports.period_end, latest_reports.bridge_until)
            || ' days after ' || latest_reports.period_end
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
ORDER BY resource_key;
