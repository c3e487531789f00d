/* ---
title = "Fourth parties: whom our vendors depend on"
description = """
Parties that are reached through others, with one shortest path, and how much hangs on each. Depth 1 is left out unless
asked for.
"""
tables = ["graph.concentration", "graph.reach", "parties.third_parties"]

[[parameters]]
name = "from_depth"
type = "integer"
default = 2
description = "The least depth: 1 for direct parties too."

[[columns]]
name = "party_id"
description = "The party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "depth"
description = "2 through one vendor, 3 through two."

[[columns]]
name = "via"
description = "The party through which it is reached."

[[columns]]
name = "path"
description = "One shortest path of parties."

[[columns]]
name = "dependents"
description = "Parties that depend on it, directly or through others."

[[columns]]
name = "dominates"
description = "Parties that can be reached only through it."

[[columns]]
name = "is_cut_vertex"
description = "Whether its removal splits the graph."
--- */
SELECT
    reach.party_id,
    parties.name,
    reach.depth,
    reach.via,
    array_join(reach.path, ' > ') AS path,
    concentration.total_dependents AS dependents,
    concentration.dominates,
    concentration.is_cut_vertex
FROM graph.reach AS reach
LEFT JOIN parties.third_parties AS parties ON parties.party_id = reach.party_id
LEFT JOIN graph.concentration AS concentration ON concentration.party_id = reach.party_id
WHERE reach.depth >= coalesce(getvariable('from_depth'), 2)
ORDER BY reach.depth, dependents DESC NULLS LAST, reach.party_id;
