/* ---
title = "Reports and bridge letters cover the audit period"
description = """
Controls at a vendor have to be shown for the whole of our period so far. Counts the days of the current scenario's
period, up to the last crawl, that no type 2 report of the party and no bridge letter speaks for; max_uncovered_days
are let pass.
"""
tables = ["inventory.runs", "parties.reports", "parties.third_parties", "scoping.scenarios"]

[[parameters]]
name = "max_uncovered_days"
type = "integer"
default = 0
description = "Days without cover that are let pass."

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH audit AS (
    SELECT
        period_start,
        least(period_end, (SELECT CAST(max(finished_at) AS DATE) FROM inventory.runs)) AS period_end
    FROM scoping.scenarios
    WHERE scenario = 'current' AND report_type = 'type2'
),
days AS (
    SELECT CAST(unnest(generate_series(period_start, period_end, INTERVAL 1 DAY)) AS DATE) AS day FROM audit
),
spans AS (
    SELECT party_id, period_start AS from_day, greatest(period_end, coalesce(bridge_until, period_end)) AS to_day
    FROM parties.reports
    WHERE party_id IS NOT NULL AND report_type = 'type2'
),
holders AS (
    SELECT party_id, bool_or(from_day IS NULL OR to_day IS NULL) AS has_unknown_period, max(to_day) AS last_day
    FROM spans
    GROUP BY party_id
),
uncovered AS (
    SELECT
        holders.party_id,
        count(days.day) AS days,
        holders.has_unknown_period,
        holders.last_day
    FROM holders
    LEFT JOIN days ON NOT EXISTS (
        SELECT 1
        FROM spans
        WHERE spans.party_id = holders.party_id AND days.day BETWEEN spans.from_day AND spans.to_day
    )
    GROUP BY holders.party_id, holders.has_unknown_period, holders.last_day
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN uncovered.party_id IS NULL THEN 'not_applicable'
        WHEN NOT EXISTS (SELECT 1 FROM audit) THEN 'not_applicable'
        WHEN uncovered.days <= coalesce(getvariable('max_uncovered_days'), 0) THEN 'pass'
        WHEN uncovered.has_unknown_period THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN uncovered.party_id IS NULL THEN 'no type 2 report is held'
        WHEN NOT EXISTS (SELECT 1 FROM audit) THEN 'no type 2 audit is planned'
        WHEN uncovered.days > 0 AND uncovered.has_unknown_period THEN 'the period of a report is not known'
        ELSE uncovered.days || ' days of the audit period are not covered; reports and letters speak until '
            || coalesce(CAST(uncovered.last_day AS VARCHAR), 'an unknown day')
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN uncovered ON uncovered.party_id = parties.party_id
ORDER BY resource_key;
