/* ---
title = "Parties whose failure would take others with it"
description = """
Parties on which others depend, directly or through others, with how many can be reached only through them. For
continuity plans and for the risk of concentration.
"""
tables = ["graph.concentration", "parties.third_parties"]

[[parameters]]
name = "at_least"
type = "integer"
default = 2
description = "How many parties have to depend on it."

[[columns]]
name = "party_id"
description = "The party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "direct_dependents"
description = "Parties that depend on it directly."

[[columns]]
name = "total_dependents"
description = "Parties that depend on it directly or through others."

[[columns]]
name = "only_through_it"
description = "Parties that can be reached only through it."

[[columns]]
name = "scopes"
description = "Scopes of ours in which it was seen."

[[columns]]
name = "resources"
description = "Resources of ours that show it."

[[columns]]
name = "is_cut_vertex"
description = "Whether its removal splits the graph."
--- */
SELECT
    concentration.party_id,
    parties.name,
    concentration.direct_dependents,
    concentration.total_dependents,
    concentration.dominates AS only_through_it,
    concentration.scopes,
    concentration.resources,
    concentration.is_cut_vertex
FROM graph.concentration AS concentration
LEFT JOIN parties.third_parties AS parties ON parties.party_id = concentration.party_id
WHERE concentration.total_dependents >= coalesce(getvariable('at_least'), 2)
ORDER BY concentration.total_dependents DESC, concentration.resources DESC, concentration.party_id;
