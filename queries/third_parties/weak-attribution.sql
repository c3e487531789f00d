/* ---
title = "Third parties that rest on weak evidence"
description = """
Parties whose surest evidence has a confidence of no more than a given one: a person should look before they go into a
scope. The confidence is that an outside party is there, times that it is this one.
"""
tables = ["parties.evidence", "parties.third_parties"]

[[parameters]]
name = "at_most"
type = "double"
default = 0.5
description = "The highest confidence shown, 0 to 1."

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
name = "confidence"
description = "The surest of its evidence, 0 to 1."

[[columns]]
name = "rows"
description = "Rows of evidence that count."

[[columns]]
name = "signals"
description = "What showed it."

[[columns]]
name = "example"
description = "One of the resources."
--- */
WITH surest AS (
    SELECT
        party_id,
        round(max(relation_confidence * attribution_confidence), 2) AS confidence,
        count(*) AS evidence_rows,
        array_join(array_sort(array_agg(DISTINCT signal)), ', ') AS shown_by,
        min(resource_key) AS example
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    surest.party_id,
    parties.name,
    parties.relation_strength AS strength,
    surest.confidence,
    surest.evidence_rows AS rows,
    surest.shown_by AS signals,
    surest.example
FROM surest
LEFT JOIN parties.third_parties AS parties ON parties.party_id = surest.party_id
WHERE surest.confidence <= coalesce(getvariable('at_most'), 0.5)
ORDER BY surest.confidence, surest.party_id;
