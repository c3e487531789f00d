/* ---
title = "The population of a type, for a draw of samples"
description = """
Every live resource of one type, or of all, with the dates that an auditor asks for. Whether the list is whole says
`population-completeness`.
"""
tables = ["inventory.resource_history"]

[[parameters]]
name = "type"
type = "text"
default = ""
description = "The resource type; all without it."

[[parameters]]
name = "scope"
type = "text"
default = ""
description = "Only this account, subscription or project (its scope_id); all without it."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resource_key"
description = "The resource."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "region"
description = "The region."

[[columns]]
name = "created_at"
description = "When it was created, where the provider says so."

[[columns]]
name = "first_seen_at"
description = "When a crawl first saw it."

[[columns]]
name = "last_seen_at"
description = "When a crawl last saw it."

[[columns]]
name = "seen_by_last_run"
description = "Whether the last run of its cloud saw it; if not, it was carried forward."
--- */
WITH last_runs AS (
    SELECT provider AS cloud, max(last_seen_run) AS run_id
    FROM inventory.resource_history
    GROUP BY provider
)
SELECT
    history.type,
    history.resource_key,
    history.name,
    history.scope_id,
    history.region,
    history.created_at,
    history.first_seen_at,
    history.last_seen_at,
    history.last_seen_run = last_runs.run_id AS seen_by_last_run
FROM inventory.resource_history AS history
INNER JOIN last_runs ON last_runs.cloud = history.provider
WHERE history.valid_to_run IS NULL
    AND coalesce(getvariable('type'), '') IN ('', history.type)
    AND coalesce(getvariable('scope'), '') IN ('', history.scope_id)
ORDER BY history.type, history.scope_id, history.region, history.resource_key;
