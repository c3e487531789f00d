-- Parties by how much hangs on them.
SELECT concentration.party_id, parties.name, concentration.direct_dependents, concentration.total_dependents,
    concentration.scopes, concentration.resources, concentration.dominates, concentration.is_cut_vertex,
    concentration.centrality
FROM graph.concentration AS concentration
INNER JOIN parties.third_parties AS parties ON parties.party_id = concentration.party_id
ORDER BY concentration.total_dependents DESC, concentration.resources DESC, concentration.party_id;
