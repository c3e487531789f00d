/* ---
title = "How far each framework's crosswalk reaches into the criteria"
description = """
For each framework and category: how many criteria some control of the framework is mapped to. Evidence of a framework
in place can be reused only there.
"""
tables = ["controls.criteria", "controls.crosswalk"]

[[columns]]
name = "framework"
description = "The framework."

[[columns]]
name = "category"
description = "security, availability, confidentiality, processing_integrity or privacy."

[[columns]]
name = "criteria"
description = "Criteria of the category."

[[columns]]
name = "mapped"
description = "How many of these a control of the framework is mapped to."

[[columns]]
name = "framework_controls"
description = "Controls of the framework that are mapped to one of them."

[[columns]]
name = "sources"
description = "Sources that say so."

[[columns]]
name = "not_mapped"
description = "The criteria that none is mapped to."
--- */
WITH frameworks AS (
    SELECT DISTINCT framework FROM controls.crosswalk
),
pairs AS (
    SELECT frameworks.framework, criteria.category, criteria.criterion_id
    FROM frameworks
    CROSS JOIN controls.criteria AS criteria
)
SELECT
    pairs.framework,
    pairs.category,
    count(DISTINCT pairs.criterion_id) AS criteria,
    count(DISTINCT crosswalk.criterion_id) AS mapped,
    count(DISTINCT crosswalk.framework_control_id) AS framework_controls,
    count(DISTINCT crosswalk.source) AS sources,
    array_join(
        array_sort(array_agg(DISTINCT pairs.criterion_id) FILTER (WHERE crosswalk.criterion_id IS NULL)), ', '
    ) AS not_mapped
FROM pairs
LEFT JOIN controls.crosswalk AS crosswalk
    ON crosswalk.framework = pairs.framework AND crosswalk.criterion_id = pairs.criterion_id
GROUP BY pairs.framework, pairs.category
ORDER BY pairs.framework, pairs.category;
