-- Every third party with what of ours shows it.
WITH seen AS (
    SELECT
        party_id,
        count(*) AS evidence,
        count(DISTINCT resource_key) AS resources,
        list_sort(list(DISTINCT relation)) AS relations
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    parties.party_id,
    parties.name,
    parties.domain,
    parties.category,
    parties.origin,
    parties.in_register,
    parties.relation_strength AS strength,
    coalesce(seen.evidence, 0) AS evidence,
    coalesce(seen.resources, 0) AS resources,
    coalesce(seen.relations, []) AS relations
FROM parties.third_parties AS parties
LEFT OUTER JOIN seen ON seen.party_id = parties.party_id
ORDER BY parties.party_id;
