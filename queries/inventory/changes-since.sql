/* ---
title = "What has changed since a day"
description = """
Every resource that a run found added, changed or removed since a day, with how often and what came last. One run
alone: `changes-of-run`.
"""
tables = ["inventory.resource_changes", "inventory.runs"]

[[parameters]]
name = "since"
type = "date"
description = "The first day; seven days before the end of the last run without it."

[[parameters]]
name = "type"
type = "text"
default = ""
description = "Only this resource type; all without it."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resource_key"
description = "The resource."

[[columns]]
name = "added"
description = "Runs that found it added."

[[columns]]
name = "changed"
description = "Runs that found it changed."

[[columns]]
name = "removed"
description = "Runs that found it gone."

[[columns]]
name = "last_change"
description = "What the last of them found."

[[columns]]
name = "last_run"
description = "That run."

[[columns]]
name = "paths"
description = "What differed then, where it was changed."
--- */
WITH since AS (
    SELECT coalesce(getvariable('since'), CAST(max(finished_at) AS DATE) - 7) AS first_day FROM inventory.runs
),
placed AS (
    SELECT
        changes.resource_key,
        changes.type AS type_name,
        changes.change,
        changes.run_id,
        array_join(changes.paths, ', ') AS differing,
        row_number() OVER (PARTITION BY changes.resource_key ORDER BY changes.run_id DESC) AS place
    FROM inventory.resource_changes AS changes
    INNER JOIN inventory.runs AS runs ON runs.run_id = changes.run_id
    CROSS JOIN since
    WHERE CAST(runs.finished_at AS DATE) >= since.first_day
)
SELECT
    type_name AS type,
    resource_key,
    count(*) FILTER (WHERE change = 'added') AS added,
    count(*) FILTER (WHERE change = 'changed') AS changed,
    count(*) FILTER (WHERE change = 'removed') AS removed,
    max(CASE WHEN place = 1 THEN change END) AS last_change,
    max(run_id) AS last_run,
    max(CASE WHEN place = 1 THEN differing END) AS paths
FROM placed
WHERE coalesce(getvariable('type'), '') IN ('', type_name)
GROUP BY type_name, resource_key
ORDER BY max(run_id) DESC, type_name, resource_key;
