/* ---
title = "People whose access was taken away in the audit period"
description = """
One row for each user that a run of the period proved gone. Leavers before the first run, and those who came and went
between two runs, are not in the inventory. What leavers are sampled from.
"""
tables = ["inventory.resource_changes", "inventory.resource_history", "inventory.runs", "scoping.scenarios"]

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
),
known AS (
    SELECT resource_key, max(provider) AS provider, max(scope_id) AS scope_id, max(name) AS name
    FROM inventory.resource_history
    WHERE type IN ('AWS::IAM::User', 'AWS::IdentityStore::User', 'microsoft.graph/users')
    GROUP BY resource_key
)
SELECT
    known.provider,
    changes.resource_key || '#run-' || changes.run_id AS item_key,
    changes.type AS item_type,
    known.scope_id,
    known.name,
    runs.finished_at AS happened_at,
    'gone by run ' || changes.run_id AS detail
FROM inventory.resource_changes AS changes
INNER JOIN known ON known.resource_key = changes.resource_key
INNER JOIN inventory.runs AS runs ON runs.run_id = changes.run_id
CROSS JOIN period
WHERE changes.change = 'removed' AND runs.finished_at >= period.starts_at AND runs.finished_at < period.ends_at
ORDER BY known.provider, item_key;
