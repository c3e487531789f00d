/* ---
title = "Outside access that nobody uses"
description = """
Rights of third parties that exist and show no use, the strongest first: candidates for removal at once, with the
first run that saw each.
"""
tables = ["inventory.resources", "parties.evidence"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only this party; all without it."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "strength"
description = "How far the right reaches."

[[columns]]
name = "signal"
description = "What showed it."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "resource_key"
description = "The resource."

[[columns]]
name = "value"
description = "The text found there."

[[columns]]
name = "first_seen_run"
description = "The run that saw it first."
--- */
SELECT
    evidence.party_id,
    evidence.strength,
    evidence.signal,
    resources.scope_id,
    evidence.resource_key,
    evidence.detail ->> '$.value' AS value,
    evidence.first_seen_run
FROM parties.evidence AS evidence
LEFT JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
WHERE evidence.status = 'dormant'
    AND coalesce(getvariable('party'), '') IN ('', evidence.party_id)
ORDER BY
    CASE evidence.strength
        WHEN 'can_admin' THEN 1
        WHEN 'can_read_data' THEN 2
        WHEN 'sends_data_to' THEN 3
        WHEN 'can_read_config' THEN 4
        WHEN 'identity' THEN 5
        WHEN 'hosting' THEN 6
        ELSE 7
    END,
    evidence.party_id,
    evidence.resource_key,
    evidence.detail ->> '$.value';
