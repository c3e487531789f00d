/* ---
title = "How well each account, subscription and project is seen"
description = """
What is known of coverage now, whichever run it comes from: units of work that ended ok, that are gaps, and that were
left out on purpose or are not offered. The worst seen come first.
"""
tables = ["inventory.latest_coverage", "inventory.scopes"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; * for all."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "ok"
description = "Units that ended ok."

[[columns]]
name = "denied"
description = "Units that were denied."

[[columns]]
name = "other_gaps"
description = "Units that were throttled, unreachable or failed."

[[columns]]
name = "left_out"
description = "Units that were skipped or are not supported there: no gap."

[[columns]]
name = "seen_percent"
description = "ok of ok and gaps, in percent."

[[columns]]
name = "last_run"
description = "The last run that tried any of them."
--- */
WITH counted AS (
    SELECT
        provider,
        scope_id,
        count(*) FILTER (WHERE status = 'ok') AS ok_units,
        count(*) FILTER (WHERE status = 'denied') AS denied_units,
        count(*) FILTER (WHERE is_gap) AS gap_units,
        count(*) AS units,
        max(run_id) AS newest_run
    FROM inventory.latest_coverage
    GROUP BY provider, scope_id
)
SELECT
    counted.provider,
    counted.scope_id,
    scopes.name,
    counted.ok_units AS ok,
    counted.denied_units AS denied,
    counted.gap_units - counted.denied_units AS other_gaps,
    counted.units - counted.ok_units - counted.gap_units AS left_out,
    CASE
        WHEN counted.ok_units + counted.gap_units > 0
            THEN round(100.0 * counted.ok_units / (counted.ok_units + counted.gap_units), 1)
    END AS seen_percent,
    counted.newest_run AS last_run
FROM counted
LEFT JOIN inventory.scopes AS scopes ON scopes.provider = counted.provider AND scopes.scope_id = counted.scope_id
WHERE coalesce(getvariable('provider'), '') IN ('', counted.provider)
ORDER BY seen_percent NULLS LAST, counted.provider, counted.scope_id;
