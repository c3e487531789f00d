SELECT
    party_id,
    list_sort(list(DISTINCT relation)) AS relations,
    count(DISTINCT resource_key) AS resources
FROM parties.evidence
WHERE status IN ('live', 'dormant')
GROUP BY party_id
ORDER BY party_id;
