/* ---
title = "Where the register and the estate disagree"
description = """
Parties that the estate shows and the register does not list, the strongest first, and parties that the register lists
and nothing in the estate shows. The first have to be registered or cut off; the second are history, or are used where no
cloud can see it.
"""
tables = ["parties.evidence", "parties.third_parties"]

[[parameters]]
name = "finding"
type = "text"
default = ""
description = "Only `not_in_register` or only `not_seen`; both without it."

[[columns]]
name = "finding"
description = "not_in_register: the estate shows it and the register does not list it; not_seen: the reverse."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "strength"
description = "The strongest evidence that counts."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "example"
description = "One of them."

[[columns]]
name = "first_seen_run"
description = "The run that named it first."
--- */
WITH shown AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources, min(resource_key) AS example
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
),
compared AS (
    SELECT
        CASE WHEN parties.in_register THEN 'not_seen' ELSE 'not_in_register' END AS finding,
        parties.party_id,
        parties.name,
        parties.relation_strength AS strength,
        coalesce(shown.resources, 0) AS resources,
        shown.example,
        parties.first_seen_run
    FROM parties.third_parties AS parties
    LEFT JOIN shown ON shown.party_id = parties.party_id
    WHERE parties.in_register <> (shown.party_id IS NOT NULL)
)
SELECT finding, party_id, name, strength, resources, example, first_seen_run
FROM compared
WHERE coalesce(getvariable('finding'), '') IN ('', finding)
ORDER BY
    finding,
    CASE strength
        WHEN 'can_admin' THEN 1
        WHEN 'can_read_data' THEN 2
        WHEN 'sends_data_to' THEN 3
        WHEN 'can_read_config' THEN 4
        WHEN 'identity' THEN 5
        WHEN 'hosting' THEN 6
        WHEN 'contact' THEN 7
        ELSE 8
    END,
    resources DESC,
    party_id;
