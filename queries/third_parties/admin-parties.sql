/* ---
title = "Who outside can administer our estate"
description = """
Third parties with evidence of administration rights, live or dormant, the widest reach first, with where it was seen
and whether the register lists them.
"""
tables = ["inventory.resources", "parties.evidence", "parties.third_parties"]

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "resources"
description = "Resources that show the right."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions and projects that hold these."

[[columns]]
name = "dormant"
description = "How many of the resources show a right that nobody has used."

[[columns]]
name = "signals"
description = "What showed it."

[[columns]]
name = "in_register"
description = "Whether the register lists the party."

[[columns]]
name = "example"
description = "One of the resources."
--- */
WITH rights AS (
    SELECT
        evidence.party_id,
        count(DISTINCT evidence.resource_key) AS places,
        count(DISTINCT resources.scope_id) AS scopes,
        count(DISTINCT CASE WHEN evidence.status = 'dormant' THEN evidence.resource_key END) AS unused,
        array_join(array_sort(array_agg(DISTINCT evidence.signal)), ', ') AS shown_by,
        min(evidence.resource_key) AS example
    FROM parties.evidence AS evidence
    LEFT JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
    WHERE evidence.strength = 'can_admin' AND evidence.status IN ('live', 'dormant')
    GROUP BY evidence.party_id
)
SELECT
    rights.party_id,
    parties.name,
    rights.places AS resources,
    rights.scopes,
    rights.unused AS dormant,
    rights.shown_by AS signals,
    parties.in_register,
    rights.example
FROM rights
LEFT JOIN parties.third_parties AS parties ON parties.party_id = rights.party_id
ORDER BY rights.scopes DESC, rights.places DESC, rights.party_id;
