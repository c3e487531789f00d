SELECT run_id, started_at, finished_at, status, resources
FROM inventory.runs
WHERE finished_at IS NOT NULL AND run_id = (SELECT run_id FROM meta.state);
