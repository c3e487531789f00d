/* What checks said, with what the inventory knows of each resource. */
SELECT
    results.run_id,
    results.check_id,
    results.resource_key,
    results.status,
    results.reason,
    resources.scope_id,
    resources.region,
    resources.type,
    resources.name
FROM controls.check_results AS results
LEFT JOIN inventory.resources AS resources ON resources.resource_key = results.resource_key
-- One check may be evidence for several controls.
WHERE EXISTS (
    SELECT 1
    FROM controls.checks AS checks
    WHERE checks.check_id = results.check_id
        AND coalesce(getvariable('control'), '') IN ('', checks.control_id)
        AND coalesce(getvariable('provider'), '') IN ('', checks.provider)
)
ORDER BY results.check_id, results.resource_key;
