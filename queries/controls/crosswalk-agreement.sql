/* ---
title = "Which mappings of other frameworks several sources agree on"
description = """
Published crosswalks of the same pair differ widely. One row for each framework control and criterion that at least `k` sources map
to each other, with the sources.
"""
tables = ["controls.crosswalk"]

[[parameters]]
name = "k"
type = "integer"
default = 1
description = "How many sources have to agree."

[[parameters]]
name = "framework"
type = "text"
default = ""
description = "Only this framework."

[[columns]]
name = "framework"
description = "The framework."

[[columns]]
name = "framework_control_id"
description = "Its control."

[[columns]]
name = "criterion_id"
description = "The criterion."

[[columns]]
name = "sources"
description = "How many sources say so."

[[columns]]
name = "versions"
description = "The versions of the framework that they speak of."

[[columns]]
name = "published_by"
description = "Who they are."
--- */
SELECT
    framework,
    framework_control_id,
    criterion_id,
    count(DISTINCT source) AS sources,
    array_join(array_sort(array_agg(DISTINCT framework_version)), ', ') AS versions,
    array_join(array_sort(array_agg(DISTINCT source)), '; ') AS published_by
FROM controls.crosswalk
WHERE coalesce(getvariable('framework'), '') IN ('', framework)
GROUP BY framework, framework_control_id, criterion_id
HAVING count(DISTINCT source) >= coalesce(getvariable('k'), 1)
ORDER BY sources DESC, framework, criterion_id, framework_control_id;
