SELECT run_id, provider, scope_id, region, type, status, error_code, message
FROM inventory.gaps
ORDER BY provider, scope_id, region, type;
