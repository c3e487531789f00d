-- The strongest evidence of one party; the place of the resource is in its key.
SELECT
    party_id,
    NULL AS scope,
    resource_key,
    signal,
    relation,
    strength,
    status,
    detail ->> '$.path' AS path,
    detail ->> '$.value' AS value
FROM parties.evidence
WHERE party_id = getvariable('party')
ORDER BY
    list_position(['live', 'dormant', 'pending', 'stale', 'hint'], status),
    list_position(
        ['can_admin', 'can_read_data', 'sends_data_to', 'can_read_config', 'identity', 'hosting', 'contact'], strength
    ),
    resource_key,
    path,
    value,
    relation,
    signal
LIMIT getvariable('most');
