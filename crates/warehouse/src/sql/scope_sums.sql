SELECT
    provider,
    scope_id,
    count(*) AS row_count,
    format('{:016x}', bit_xor(CAST('0x' || left(content_hash, 16) AS UBIGINT))) AS hash_sum
FROM inventory.resource_history
WHERE valid_to_run IS NULL
GROUP BY provider, scope_id
ORDER BY provider, scope_id;
