-- The strongest evidence of every party, with the node of the scope that holds the resource.
WITH strongest AS (
    SELECT
        party_id,
        resource_key,
        signal,
        relation,
        strength,
        status,
        detail ->> '$.path' AS path,
        detail ->> '$.value' AS value,
        row_number() OVER (
            PARTITION BY party_id
            ORDER BY
                list_position(['live', 'dormant', 'pending', 'stale', 'hint'], status),
                list_position(
                    ['can_admin', 'can_read_data', 'sends_data_to', 'can_read_config', 'identity', 'hosting', 'contact'],
                    strength
                ),
                resource_key,
                path,
                value,
                relation,
                signal
        ) AS place
    FROM parties.evidence
    QUALIFY place <= getvariable('most')
)
SELECT
    strongest.party_id,
    'scope:' || resources.provider || ':' || resources.scope_id AS scope,
    strongest.resource_key,
    strongest.signal,
    strongest.relation,
    strongest.strength,
    strongest.status,
    strongest.path,
    strongest.value
FROM strongest
LEFT JOIN inventory.resources AS resources ON resources.resource_key = strongest.resource_key
ORDER BY strongest.party_id, strongest.place;
