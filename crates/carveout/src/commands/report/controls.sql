WITH criteria AS (
    SELECT control_id, list_sort(list(DISTINCT criterion_id)) AS criteria
    FROM controls.control_criteria
    GROUP BY control_id
),
layers AS (
    SELECT control_id, list_sort(list(DISTINCT layer)) AS layers
    FROM controls.control_layers
    GROUP BY control_id
)
SELECT
    controls.control_id,
    controls.title,
    controls.objective,
    controls.kind,
    controls.frequency,
    controls.owner,
    coalesce(criteria.criteria, []) AS criteria,
    coalesce(layers.layers, []) AS layers
FROM controls.controls AS controls
LEFT JOIN criteria ON criteria.control_id = controls.control_id
LEFT JOIN layers ON layers.control_id = controls.control_id
ORDER BY controls.control_id;
