/* ---
title = "Third parties that came up in the audit period"
description = """
One row for each third party that a run of the period named first; what the first run found was there before. What the
assessment before use is sampled from.
"""
tables = ["inventory.runs", "parties.third_parties", "scoping.scenarios"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario whose audit period is meant."

[[columns]]
name = "provider"
description = "Where it is: aws, azure, gcp, or any for third parties."

[[columns]]
name = "item_key"
description = "The item, once; what a sample is drawn by."

[[columns]]
name = "item_type"
description = "What it is, in the provider's own word."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; NULL where it is in none."

[[columns]]
name = "name"
description = "The name a person gave it."

[[columns]]
name = "happened_at"
description = "When it happened or was made (UTC), where that is known."

[[columns]]
name = "detail"
description = "What an auditor has to know of it."
--- */
WITH period AS (
    SELECT
        period_start AS starts_at,
        period_end + INTERVAL 1 DAY AS ends_at,
        (SELECT min(finished_at) FROM inventory.runs) AS known_since
    FROM scoping.scenarios
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
)
SELECT
    'any' AS provider,
    parties.party_id AS item_key,
    coalesce(parties.category, 'third party') AS item_type,
    CAST(NULL AS VARCHAR) AS scope_id,
    parties.name,
    runs.finished_at AS happened_at,
    concat(
        'first named by run ', parties.first_seen_run, ', ',
        CASE WHEN parties.in_register THEN 'in the register' ELSE 'not in the register' END
    ) AS detail
FROM parties.third_parties AS parties
INNER JOIN inventory.runs AS runs ON runs.run_id = parties.first_seen_run
CROSS JOIN period
WHERE runs.finished_at > period.known_since
    AND runs.finished_at >= period.starts_at
    AND runs.finished_at < period.ends_at
ORDER BY provider, item_key;
