-- What may be in a place that could not be listed is unknown to every check of that type.
INSERT INTO controls.check_results (run_id, check_id, resource_key, status, reason)
SELECT
    CAST(getvariable('run_id') AS BIGINT),
    checks.check_id,
    concat_ws(':', gaps.provider, gaps.scope_id, gaps.region, gaps.type),
    'unknown',
    concat(
        checks.resource_type, ' could not be listed: ', gaps.status,
        CASE WHEN gaps.error_code IS NULL THEN '' ELSE ' (' || gaps.error_code || ')' END
    )
FROM (SELECT DISTINCT check_id, provider, resource_type FROM controls.checks) AS checks
INNER JOIN inventory.gaps AS gaps
    ON gaps.provider = checks.provider
    AND gaps.type IN ('*', checks.resource_type)
    -- A scope is there, and known, when what is in it can't be read.
    AND (checks.resource_type <> 'scope' OR gaps.scope_id = '*')
ORDER BY checks.check_id, gaps.scope_id, gaps.region, gaps.type;
