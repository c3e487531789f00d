/* ---
title = "What the last run did not see again"
description = """
Live resources that the last run of their cloud neither saw nor proved gone, oldest sighting first: their state is the
last known one, and nobody knows whether it still holds.
"""
tables = ["inventory.resource_history"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "last_seen_at"
description = "When a crawl last saw it."

[[columns]]
name = "last_seen_run"
description = "That run."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "region"
description = "The region."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resource_key"
description = "The resource."
--- */
WITH last_runs AS (
    SELECT provider AS cloud, max(last_seen_run) AS run_id
    FROM inventory.resource_history
    GROUP BY provider
)
SELECT
    history.last_seen_at,
    history.last_seen_run,
    history.provider,
    history.scope_id,
    history.region,
    history.type,
    history.resource_key
FROM inventory.resource_history AS history
INNER JOIN last_runs ON last_runs.cloud = history.provider
WHERE history.valid_to_run IS NULL
    AND history.last_seen_run < last_runs.run_id
    AND coalesce(getvariable('provider'), '') IN ('', history.provider)
ORDER BY history.last_seen_at, history.provider, history.scope_id, history.type, history.resource_key;
