/* ---
title = "People who were given access in the audit period"
description = """
One row for each user that is there now and was made in the period, by the provider's own date; without one, by the
run that saw it first. Users that came and went between two runs are in the provider's log only. What access requests
are sampled from.
"""
tables = ["inventory.resources", "inventory.runs", "scoping.scenarios"]

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
users AS (
    SELECT
        provider,
        resource_key,
        type,
        scope_id,
        name,
        -- Whatever the first run finds is new to it only.
        coalesce(created_at, CASE WHEN first_seen_at > period.known_since THEN first_seen_at END) AS added_at,
        created_at IS NOT NULL AS is_stated
    FROM inventory.resources
    CROSS JOIN period
    WHERE type IN ('AWS::IAM::User', 'AWS::IdentityStore::User', 'microsoft.graph/users')
)
SELECT
    users.provider,
    users.resource_key AS item_key,
    users.type AS item_type,
    users.scope_id,
    users.name,
    users.added_at AS happened_at,
    CASE WHEN users.is_stated THEN 'made then' ELSE 'seen first then' END AS detail
FROM users
CROSS JOIN period
WHERE users.added_at >= period.starts_at AND users.added_at < period.ends_at
ORDER BY users.provider, item_key;
