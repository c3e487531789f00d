/* ---
title = "Type 2 report spans at least six months"
description = """
A first type 2 over a few weeks says little about controls that work quarterly or yearly. The newest type 2 of each
party has to span at least min_period_days.
"""
tables = ["parties.reports", "parties.third_parties"]

[[parameters]]
name = "min_period_days"
type = "integer"
default = 180
description = "The shortest period that is let pass, in days."

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, date_diff('day', period_start, period_end) + 1 AS days
    FROM parties.reports
    WHERE party_id IS NOT NULL AND report_type = 'type2'
    QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY period_end DESC NULLS LAST, report_id DESC) = 1
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'not_applicable'
        WHEN latest_reports.days IS NULL THEN 'unknown'
        WHEN latest_reports.days >= coalesce(getvariable('min_period_days'), 180) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no type 2 report is held'
        WHEN latest_reports.days IS NULL THEN 'the period is not known'
        ELSE 'the period is ' || latest_reports.days || ' days long'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
ORDER BY resource_key;
