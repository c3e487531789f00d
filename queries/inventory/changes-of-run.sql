/* ---
title = "What a run found added, changed and removed"
description = """
One row for each resource that changed. For changed ones, `paths` names the columns and the top-level members of the
configuration that differ.
"""
tables = ["inventory.resource_changes", "inventory.runs"]

[[parameters]]
name = "run_id"
type = "integer"
description = "The run; the last sealed one without it."

[[parameters]]
name = "change"
type = "text"
default = ""
description = "Only added, changed or removed; all without it."

[[columns]]
name = "run_id"
description = "The run."

[[columns]]
name = "change"
description = "added, changed or removed."

[[columns]]
name = "type"
description = "The provider's own type name."

[[columns]]
name = "resource_key"
description = "The resource."

[[columns]]
name = "paths"
description = "What differs."
--- */
WITH chosen AS (
    SELECT coalesce(getvariable('run_id'), max(run_id)) AS run_id
    FROM inventory.runs
    WHERE status IN ('complete', 'partial')
)
SELECT
    changes.run_id,
    changes.change,
    changes.type,
    changes.resource_key,
    array_join(changes.paths, ', ') AS paths
FROM inventory.resource_changes AS changes
INNER JOIN chosen ON chosen.run_id = changes.run_id
WHERE coalesce(getvariable('change'), '') IN ('', changes.change)
ORDER BY changes.change, changes.type, changes.resource_key;
