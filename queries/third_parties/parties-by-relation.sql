/* ---
title = "What third parties are to us"
description = """
Live and dormant evidence by relation: how many parties administer, read data, receive telemetry, authenticate and so
on, and who they are. A party stands in several relations.
"""
tables = ["parties.evidence"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only relations of this party; all without it."

[[columns]]
name = "relation"
description = "administers, reads_data, reads_config, stores_data, receives_data, receives_telemetry, authenticates, hosts, supplies_code, routes_traffic or contact."

[[columns]]
name = "parties"
description = "Third parties in this relation."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "who"
description = "The parties."
--- */
SELECT
    relation,
    count(DISTINCT party_id) AS parties,
    count(DISTINCT resource_key) AS resources,
    array_join(array_sort(array_agg(DISTINCT party_id)), ', ') AS who
FROM parties.evidence
WHERE status IN ('live', 'dormant')
    AND coalesce(getvariable('party'), '') IN ('', party_id)
GROUP BY relation
ORDER BY count(DISTINCT party_id) DESC, relation;
