/* ---
title = "Which controls of another framework our controls answer to"
description = """
Each control of another framework with the criteria that published crosswalks map it to, and our controls that serve
these. Crosswalks differ: `sources` says how many map it so, `crosswalk-agreement` compares them.
"""
tables = ["controls.control_criteria", "controls.crosswalk", "scoping.obligations"]

[[parameters]]
name = "framework"
type = "text"
default = ""
description = "Only this framework (CSA-CCM and others); all without it."

[[parameters]]
name = "framework_control"
type = "text"
default = ""
description = "Only this control of it; all without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario that says what is in scope."

[[columns]]
name = "framework"
description = "The framework."

[[columns]]
name = "framework_control_id"
description = "Its control."

[[columns]]
name = "criteria"
description = "The criteria that it is mapped to."

[[columns]]
name = "controls"
description = "Our controls that serve these."

[[columns]]
name = "sources"
description = "How many sources map it."

[[columns]]
name = "in_scope"
description = "Whether one of the criteria is in the scenario."
--- */
WITH scoped AS (
    SELECT DISTINCT criterion_id
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
)
SELECT
    crosswalk.framework,
    crosswalk.framework_control_id,
    array_join(array_sort(array_agg(DISTINCT crosswalk.criterion_id)), ', ') AS criteria,
    array_join(
        array_sort(array_agg(DISTINCT serving.control_id) FILTER (WHERE serving.control_id IS NOT NULL)), ', '
    ) AS controls,
    count(DISTINCT crosswalk.source) AS sources,
    bool_or(scoped.criterion_id IS NOT NULL) AS in_scope
FROM controls.crosswalk AS crosswalk
LEFT JOIN controls.control_criteria AS serving ON serving.criterion_id = crosswalk.criterion_id
LEFT JOIN scoped ON scoped.criterion_id = crosswalk.criterion_id
WHERE coalesce(getvariable('framework'), '') IN ('', crosswalk.framework)
    AND coalesce(getvariable('framework_control'), '') IN ('', crosswalk.framework_control_id)
GROUP BY crosswalk.framework, crosswalk.framework_control_id
ORDER BY crosswalk.framework, crosswalk.framework_control_id;
