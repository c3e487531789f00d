/* ---
title = "Outsiders that nobody has put a name to"
description = """
Parties that are known by a raw id alone (an AWS account, a tenant, a project, a domain), the strongest reach first,
with an example to ask about. `carveout parties name` says whose one is, for good.
"""
tables = ["inventory.resources", "parties.evidence", "parties.third_parties"]

[[columns]]
name = "party_id"
description = "The raw id."

[[columns]]
name = "strength"
description = "The strongest evidence that counts."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions and projects that hold these."

[[columns]]
name = "signals"
description = "What showed it."

[[columns]]
name = "example"
description = "One of the resources."

[[columns]]
name = "first_seen_run"
description = "The run that named it first."
--- */
WITH shown AS (
    SELECT
        evidence.party_id,
        count(DISTINCT evidence.resource_key) AS places,
        count(DISTINCT resources.scope_id) AS scopes,
        array_join(array_sort(array_agg(DISTINCT evidence.signal)), ', ') AS shown_by,
        min(evidence.resource_key) AS example
    FROM parties.evidence AS evidence
    LEFT JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
    WHERE evidence.status IN ('live', 'dormant')
    GROUP BY evidence.party_id
)
SELECT
    parties.party_id,
    parties.relation_strength AS strength,
    coalesce(shown.places, 0) AS resources,
    coalesce(shown.scopes, 0) AS scopes,
    shown.shown_by AS signals,
    shown.example,
    parties.first_seen_run
FROM parties.third_parties AS parties
LEFT JOIN shown ON shown.party_id = parties.party_id
WHERE parties.origin = 'discovered'
ORDER BY
    CASE parties.relation_strength
        WHEN 'can_admin' THEN 1
        WHEN 'can_read_data' THEN 2
        WHEN 'sends_data_to' THEN 3
        WHEN 'can_read_config' THEN 4
        WHEN 'identity' THEN 5
        WHEN 'hosting' THEN 6
        ELSE 7
    END,
    coalesce(shown.places, 0) DESC,
    parties.party_id;
