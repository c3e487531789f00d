SELECT provider, scope_id, count(*) AS row_count, CAST(NULL AS VARCHAR) AS hash_sum
FROM inventory.resource_history
WHERE valid_to_run IS NULL
GROUP BY provider, scope_id
ORDER BY provider, scope_id;
