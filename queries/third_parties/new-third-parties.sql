/* ---
title = "Third parties seen for the first time"
description = """
Parties that no run up to a given one knew, with the place that shows them. Without `since_run`, what the last refresh has
found that the one before had not; a first run has nothing to be compared with.
"""
tables = ["inventory.runs", "parties.evidence", "parties.third_parties"]

[[parameters]]
name = "since_run"
type = "integer"
description = "Only parties that this run and those before it had not seen; the last run but one without it."

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
name = "origin"
description = "How we came to know of it."

[[columns]]
name = "in_register"
description = "Whether the register lists it."

[[columns]]
name = "first_seen_run"
description = "The run that saw it first."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "example"
description = "One of them."
--- */
WITH sealed AS (
    SELECT run_id, row_number() OVER (ORDER BY run_id DESC) AS place
    FROM inventory.runs
    WHERE status IN ('complete', 'partial')
),
since AS (
    SELECT coalesce(getvariable('since_run'), min(run_id)) AS run_id FROM sealed WHERE place <= 2
),
shown AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources, min(resource_key) AS example
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    parties.party_id,
    parties.name,
    parties.relation_strength AS strength,
    parties.origin,
    parties.in_register,
    parties.first_seen_run,
    coalesce(shown.resources, 0) AS resources,
    shown.example
FROM parties.third_parties AS parties
CROSS JOIN since
LEFT JOIN shown ON shown.party_id = parties.party_id
WHERE parties.first_seen_run > since.run_id
ORDER BY parties.first_seen_run DESC, resources DESC, parties.party_id;
