-- A check that can't be carried out says nothing of anything.
INSERT INTO controls.check_results (run_id, check_id, resource_key, status, reason)
VALUES (CAST(getvariable('run_id') AS BIGINT), ?, '*', 'unknown', 'the check could not be carried out: ' || ?);
