SELECT criterion_id, category, series, title
FROM controls.criteria
ORDER BY criterion_id;
