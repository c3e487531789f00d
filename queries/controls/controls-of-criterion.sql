/* ---
title = "Which controls serve a criterion, and who carries them out"
description = """
The control list by criterion: kind, frequency, owner, the layers each control touches and how many checks give
evidence for it. A criterion without a control is a row with an empty control.
"""
tables = [
    "controls.checks",
    "controls.control_criteria",
    "controls.control_layers",
    "controls.controls",
    "controls.criteria",
]

[[parameters]]
name = "criterion"
type = "text"
default = ""
description = "Only this criterion; all without it."

[[columns]]
name = "criterion_id"
description = "The criterion."

[[columns]]
name = "criterion"
description = "Its short title."

[[columns]]
name = "control_id"
description = "The control; empty where none serves the criterion."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "kind"
description = "manual or automated."

[[columns]]
name = "frequency"
description = "How often it operates."

[[columns]]
name = "owner"
description = "The role that owns it."

[[columns]]
name = "layers"
description = "The layers it touches."

[[columns]]
name = "checks"
description = "Checks that give evidence for it and bear on the criterion."
--- */
WITH touched AS (
    SELECT control_id, array_join(array_sort(array_agg(layer)), ', ') AS layers
    FROM controls.control_layers
    GROUP BY control_id
)
SELECT
    criteria.criterion_id,
    max(criteria.title) AS criterion,
    serving.control_id,
    max(controls.title) AS control,
    max(controls.kind) AS kind,
    max(controls.frequency) AS frequency,
    max(controls.owner) AS owner,
    max(touched.layers) AS layers,
    count(checks.check_id) AS checks
FROM controls.criteria AS criteria
LEFT JOIN controls.control_criteria AS serving ON serving.criterion_id = criteria.criterion_id
LEFT JOIN controls.controls AS controls ON controls.control_id = serving.control_id
LEFT JOIN touched ON touched.control_id = serving.control_id
LEFT JOIN controls.checks AS checks
    ON checks.control_id = serving.control_id AND array_contains(checks.criterion_ids, criteria.criterion_id)
WHERE coalesce(getvariable('criterion'), '') IN ('', criteria.criterion_id)
GROUP BY criteria.criterion_id, serving.control_id
ORDER BY criteria.criterion_id, serving.control_id NULLS FIRST;
