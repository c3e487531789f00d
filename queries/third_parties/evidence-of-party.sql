/* ---
title = "Why a third party is in scope"
description = """
Every row of evidence: the resource, the exact path in its configuration and the value found there. Only live and dormant
rows make a party count; the others are shown so that a reviewer sees them.
"""
tables = ["inventory.resources", "parties.evidence"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "The third party (its party_id); all without it."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "relation"
description = "What it is to us."

[[columns]]
name = "strength"
description = "How far it reaches."

[[columns]]
name = "status"
description = "live, dormant, pending, stale or hint."

[[columns]]
name = "signal"
description = "What showed it."

[[columns]]
name = "resource_key"
description = "The resource that shows it."

[[columns]]
name = "scope_id"
description = "Where the resource lies."

[[columns]]
name = "path"
description = "Where in the resource's config."

[[columns]]
name = "value"
description = "The text found there."

[[columns]]
name = "confidence"
description = "That an outside party is there and that it is this one, 0 to 1."

[[columns]]
name = "first_seen_run"
description = "The run that saw it first."

[[columns]]
name = "last_seen_run"
description = "The last run that saw the resource."
--- */
SELECT
    evidence.party_id,
    evidence.relation,
    evidence.strength,
    evidence.status,
    evidence.signal,
    evidence.resource_key,
    resources.scope_id,
    evidence.detail ->> '$.path' AS path,
    evidence.detail ->> '$.value' AS value,
    round(evidence.relation_confidence * evidence.attribution_confidence, 2) AS confidence,
    evidence.first_seen_run,
    evidence.last_seen_run
FROM parties.evidence AS evidence
LEFT JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
WHERE coalesce(getvariable('party'), '') IN ('', evidence.party_id)
ORDER BY evidence.party_id, evidence.status, evidence.resource_key, path, value, evidence.relation, evidence.signal;
