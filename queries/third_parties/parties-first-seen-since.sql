/* ---
title = "Third parties that are new in the last days"
description = """
Parties that a run saw first within a number of days before the last run or a given day, the newest first. By run:
`new-third-parties`.
"""
tables = ["inventory.runs", "parties.third_parties"]

[[parameters]]
name = "days"
type = "integer"
default = 30
description = "How many days back."

[[parameters]]
name = "as_of"
type = "date"
description = "The day to count from; the end of the last run without it."

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
name = "first_seen_at"
description = "When that run ended."
--- */
WITH today AS (
    SELECT coalesce(getvariable('as_of'), CAST(max(finished_at) AS DATE)) AS day_counted_from FROM inventory.runs
)
SELECT
    parties.party_id,
    parties.name,
    parties.relation_strength AS strength,
    parties.origin,
    parties.in_register,
    parties.first_seen_run,
    runs.finished_at AS first_seen_at
FROM parties.third_parties AS parties
INNER JOIN inventory.runs AS runs ON runs.run_id = parties.first_seen_run
CROSS JOIN today
WHERE CAST(runs.finished_at AS DATE) <= today.day_counted_from
    AND CAST(runs.finished_at AS DATE)
        >= today.day_counted_from - CAST(coalesce(getvariable('days'), 30) AS INTEGER)
ORDER BY parties.first_seen_run DESC, parties.party_id;
