/* ---
title = "Reports that stop speaking before our audit period ends"
description = """
For each party, its report that speaks longest, where that ends before the last day of a scenario's period, with the
first day that nothing speaks for. A bridge letter closes at most three months; after that a new report is needed. A
type 1 speaks for one day.
"""
tables = ["parties.reports", "scoping.scenarios"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario whose period is taken."

[[columns]]
name = "party_id"
description = "The party."

[[columns]]
name = "report_id"
description = "Its report that speaks longest."

[[columns]]
name = "report_type"
description = "type1 or type2."

[[columns]]
name = "reliance"
description = "current, bridged, stale, expired, unreliable or not_evaluable."

[[columns]]
name = "speaks_until"
description = "Last day of its period, or the day of a type 1."

[[columns]]
name = "bridge_until"
description = "Last day that a bridge letter speaks for."

[[columns]]
name = "uncovered_from"
description = "The first day that nothing speaks for; empty where the period is not known."

[[columns]]
name = "audit_ends_on"
description = "Last day of our audit period."
--- */
WITH audit AS (
    SELECT max(period_end) AS last_day
    FROM scoping.scenarios
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
),
ranked AS (
    SELECT
        party_id,
        report_id,
        report_type,
        reliance,
        coalesce(period_end, as_of) AS last_spoken_day,
        bridge_until,
        coalesce(bridge_until, period_end, as_of) + 1 AS first_open_day,
        row_number() OVER (
            PARTITION BY party_id
            ORDER BY coalesce(bridge_until, period_end, as_of) DESC NULLS LAST, report_id
        ) AS place
    FROM parties.reports
    WHERE party_id IS NOT NULL
)
SELECT
    ranked.party_id,
    ranked.report_id,
    ranked.report_type,
    ranked.reliance,
    ranked.last_spoken_day AS speaks_until,
    ranked.bridge_until,
    ranked.first_open_day AS uncovered_from,
    audit.last_day AS audit_ends_on
FROM ranked
CROSS JOIN audit
WHERE ranked.place = 1
    AND (ranked.first_open_day IS NULL OR ranked.first_open_day <= audit.last_day)
ORDER BY ranked.first_open_day NULLS FIRST, ranked.party_id;
