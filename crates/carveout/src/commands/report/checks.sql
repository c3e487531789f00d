SELECT
    check_id,
    control_id,
    coalesce(criterion_ids, []) AS criterion_ids,
    provider,
    resource_type,
    title,
    rationale,
    query_name
FROM controls.checks
WHERE coalesce(getvariable('control'), '') IN ('', control_id)
    AND coalesce(getvariable('provider'), '') IN ('', provider)
ORDER BY check_id, control_id;
