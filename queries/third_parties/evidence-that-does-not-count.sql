/* ---
title = "What points to a third party and is too weak to count"
description = """
Evidence that is pending (not accepted), stale (of something that ended) or a hint (a mere name), by party: nothing of
it makes a party count. Where a party has nothing else, nobody has to be told of it, and somebody should look.
"""
tables = ["parties.evidence"]

[[parameters]]
name = "status"
type = "text"
default = ""
description = "Only pending, stale or hint; all without it."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "status"
description = "pending, stale or hint."

[[columns]]
name = "signal"
description = "What showed it."

[[columns]]
name = "rows"
description = "Rows of evidence."

[[columns]]
name = "counts_otherwise"
description = "Whether the party has other evidence that counts."

[[columns]]
name = "example"
description = "One of the resources."

[[columns]]
name = "value"
description = "The text found there."
--- */
WITH counting AS (
    SELECT DISTINCT party_id FROM parties.evidence WHERE status IN ('live', 'dormant')
)
SELECT
    evidence.party_id,
    evidence.status,
    evidence.signal,
    count(*) AS rows,
    bool_or(counting.party_id IS NOT NULL) AS counts_otherwise,
    min(evidence.resource_key) AS example,
    min(evidence.detail ->> '$.value') AS value
FROM parties.evidence AS evidence
LEFT JOIN counting ON counting.party_id = evidence.party_id
WHERE evidence.status NOT IN ('live', 'dormant')
    AND coalesce(getvariable('status'), '') IN ('', evidence.status)
GROUP BY evidence.party_id, evidence.status, evidence.signal
ORDER BY bool_or(counting.party_id IS NOT NULL), evidence.party_id, evidence.status, evidence.signal;
