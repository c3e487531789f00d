-- The rows of one check. A status that is none of the four is an error, never a result.
INSERT INTO controls.check_results (run_id, check_id, resource_key, status, reason)
SELECT
    CAST(getvariable('run_id') AS BIGINT),
    ?,
    found.resource_key,
    CASE
        WHEN found.status IN ('pass', 'fail', 'not_applicable', 'unknown') THEN found.status
        ELSE error('a check can''t say ' || coalesce(found.status, 'NULL'))
    END,
    found.reason
FROM (
SELECT_OF_CHECK
) AS found;
