/* ---
title = "Every refresh, what it found and what it could not see"
description = """
The runs with their counts and the units of work that ended well or badly, the last first: whether monitoring ran
through the period.
"""
tables = ["inventory.coverage", "inventory.runs"]

[[columns]]
name = "run_id"
description = "The run."

[[columns]]
name = "status"
description = "running, complete, partial, failed or interrupted."

[[columns]]
name = "started_at"
description = "When it began."

[[columns]]
name = "finished_at"
description = "When it ended."

[[columns]]
name = "requested"
description = "What was asked for."

[[columns]]
name = "resources"
description = "Live resources after it."

[[columns]]
name = "added"
description = "Resources it saw for the first time."

[[columns]]
name = "changed"
description = "Resources it saw in another state."

[[columns]]
name = "removed"
description = "Resources it proved gone."

[[columns]]
name = "units_ok"
description = "Units of work that ended ok."

[[columns]]
name = "units_not_seen"
description = "Units of work that were denied, throttled, unreachable or failed."
--- */
WITH units AS (
    SELECT
        run_id,
        count(*) FILTER (WHERE status = 'ok') AS ok,
        count(*) FILTER (WHERE status IN ('denied', 'throttled', 'unreachable', 'error')) AS not_seen
    FROM inventory.coverage
    GROUP BY run_id
)
SELECT
    runs.run_id,
    runs.status,
    runs.started_at,
    runs.finished_at,
    runs.requested,
    runs.resources,
    runs.added,
    runs.changed,
    runs.removed,
    coalesce(units.ok, 0) AS units_ok,
    coalesce(units.not_seen, 0) AS units_not_seen
FROM inventory.runs AS runs
LEFT JOIN units ON units.run_id = runs.run_id
ORDER BY runs.run_id DESC;
