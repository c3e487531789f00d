-- The edges of the shortest way to a party.
WITH steps AS (
    SELECT
        CASE WHEN ordinal = 1 THEN 'organization' ELSE 'party:' || reach.path[ordinal - 1] END AS from_id,
        'party:' || reach.path[ordinal] AS to_id
    FROM graph.reach AS reach
    CROSS JOIN LATERAL (SELECT unnest(range(1, len(reach.path) + 1)) AS ordinal)
    WHERE reach.party_id = getvariable('party')
)
SELECT edges.from_id, edges.to_id, edges.relation, edges.strength, edges.evidence_count, edges.confidence
FROM graph.edges AS edges
INNER JOIN steps ON steps.from_id = edges.from_id AND steps.to_id = edges.to_id
ORDER BY edges.from_id, edges.to_id, edges.relation;
