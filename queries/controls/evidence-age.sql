/* ---
title = "How old the evidence behind each control is"
description = """
For each control and cloud, when the resources that its checks looked at were last seen, and how many of them have not
been seen for a number of days: their results rest on a last known state.
"""
tables = ["controls.check_results", "controls.checks", "inventory.resources", "inventory.runs"]

[[parameters]]
name = "days"
type = "integer"
default = 30
description = "After how many days a sighting is old."

[[parameters]]
name = "as_of"
type = "date"
description = "The day to count from; the end of the last run without it."

[[parameters]]
name = "control"
type = "text"
default = ""
description = "Only this control; all without it."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "resources"
description = "Resources that its checks looked at."

[[columns]]
name = "oldest_seen_at"
description = "When the one that was seen longest ago was last seen."

[[columns]]
name = "newest_seen_at"
description = "When the one that was seen last was seen."

[[columns]]
name = "old"
description = "Resources that have not been seen within the days."
--- */
WITH today AS (
    SELECT coalesce(getvariable('as_of'), CAST(max(finished_at) AS DATE)) AS day_counted_from FROM inventory.runs
),
looked_at AS (
    SELECT DISTINCT checks.control_id, results.resource_key
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    WHERE coalesce(getvariable('control'), '') IN ('', checks.control_id)
)
SELECT
    looked_at.control_id,
    resources.provider,
    count(*) AS resources,
    min(resources.last_seen_at) AS oldest_seen_at,
    max(resources.last_seen_at) AS newest_seen_at,
    count(*) FILTER (
        WHERE CAST(resources.last_seen_at AS DATE)
            < today.day_counted_from - CAST(coalesce(getvariable('days'), 30) AS INTEGER)
    ) AS old
FROM looked_at
INNER JOIN inventory.resources AS resources ON resources.resource_key = looked_at.resource_key
CROSS JOIN today
GROUP BY looked_at.control_id, resources.provider
ORDER BY min(resources.last_seen_at), looked_at.control_id, resources.provider;
