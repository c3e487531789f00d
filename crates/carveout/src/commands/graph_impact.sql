-- What would feel the loss of a party: other parties that depend on it, and our scopes in which it was seen.
SELECT 'party' AS what, reach.party_id AS subject, reach.depth AS depth, array_to_string(reach.path, ' > ') AS through
FROM graph.reach AS reach
WHERE list_contains(reach.path, getvariable('party')) AND reach.party_id <> getvariable('party')
UNION ALL
SELECT 'party' AS what, edges.from_id, NULL, edges.relation
FROM graph.edges AS edges
WHERE edges.to_id = 'party:' || getvariable('party') AND edges.from_id LIKE 'party:%'
UNION ALL
SELECT 'scope' AS what, resources.provider || ' ' || resources.scope_id, NULL,
    CAST(count(DISTINCT evidence.resource_key) AS VARCHAR) || ' resources show it'
FROM parties.evidence AS evidence
INNER JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
WHERE evidence.party_id = getvariable('party') AND evidence.status IN ('live', 'dormant')
GROUP BY resources.provider, resources.scope_id
ORDER BY what, subject, through;
