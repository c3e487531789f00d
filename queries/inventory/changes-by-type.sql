/* ---
title = "Which types change most, run by run"
description = """
For each run and type: how many resources it found added, changed and removed. The first run finds everything added.
"""
tables = ["inventory.resource_changes", "inventory.runs"]

[[parameters]]
name = "last_runs"
type = "integer"
default = 10
description = "Of how many runs, the last ones."

[[columns]]
name = "run_id"
description = "The run."

[[columns]]
name = "finished_at"
description = "When it ended."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "added"
description = "Resources it saw for the first time."

[[columns]]
name = "changed"
description = "Resources it saw in another state."

[[columns]]
name = "removed"
description = "Resources it proved gone."
--- */
WITH recent AS (
    SELECT run_id, finished_at, row_number() OVER (ORDER BY run_id DESC) AS place
    FROM inventory.runs
    WHERE finished_at IS NOT NULL
)
SELECT
    recent.run_id,
    recent.finished_at,
    changes.type,
    count(*) FILTER (WHERE changes.change = 'added') AS added,
    count(*) FILTER (WHERE changes.change = 'changed') AS changed,
    count(*) FILTER (WHERE changes.change = 'removed') AS removed
FROM recent
INNER JOIN inventory.resource_changes AS changes ON changes.run_id = recent.run_id
WHERE recent.place <= coalesce(getvariable('last_runs'), 10)
GROUP BY recent.run_id, recent.finished_at, changes.type
ORDER BY recent.run_id DESC, count(*) DESC, changes.type;
