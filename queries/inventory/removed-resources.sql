/* ---
title = "What is gone"
description = """
Resources that a run proved gone and that have not come back, the last to go first. What could not be listed is not
here: it was carried forward.
"""
tables = ["inventory.resource_history", "inventory.runs"]

[[parameters]]
name = "since"
type = "date"
description = "Only what was found gone on this day or later; all without it."

[[parameters]]
name = "type"
type = "text"
default = ""
description = "Only this resource type; all without it."

[[columns]]
name = "gone_by"
description = "When the run that found it gone ended."

[[columns]]
name = "run_id"
description = "That run."

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
name = "last_seen_at"
description = "When a crawl last saw it."
--- */
WITH ended AS (
    SELECT
        resource_key,
        max(valid_to_run) AS run_id
    FROM inventory.resource_history
    GROUP BY resource_key
    HAVING count(*) FILTER (WHERE valid_to_run IS NULL) = 0
)
SELECT
    runs.finished_at AS gone_by,
    ended.run_id,
    history.type,
    ended.resource_key,
    history.name,
    history.scope_id,
    history.last_seen_at
FROM ended
INNER JOIN inventory.resource_history AS history
    ON history.resource_key = ended.resource_key AND history.valid_to_run = ended.run_id
INNER JOIN inventory.runs AS runs ON runs.run_id = ended.run_id
WHERE coalesce(getvariable('type'), '') IN ('', history.type)
    AND CAST(runs.finished_at AS DATE) >= coalesce(getvariable('since'), CAST(runs.finished_at AS DATE))
ORDER BY ended.run_id DESC, history.type, ended.resource_key;
