/* ---
title = "Where the hours go, by third party"
description = """
The hours of a scenario's obligations by party, the largest first, with the treatments that make them. Fixed parts (planning,
system description) belong to no party and are only in the total of `naive-size-against-real`.
"""
tables = ["parties.third_parties", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "customer"
description = "Obligations that we own outright."

[[columns]]
name = "shared"
description = "Obligations that both own part of."

[[columns]]
name = "assess"
description = "Obligations that need a direct assessment."

[[columns]]
name = "inherited"
description = "Obligations that a report answers."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "hours_low"
description = "Hours, optimistic."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."

[[columns]]
name = "hours_high"
description = "Hours, pessimistic."
--- */
SELECT
    obligations.party_id,
    max(parties.name) AS name,
    count(*) FILTER (WHERE obligations.treatment = 'customer') AS customer,
    count(*) FILTER (WHERE obligations.treatment = 'shared') AS shared,
    count(*) FILTER (WHERE obligations.treatment = 'assess') AS assess,
    count(*) FILTER (WHERE obligations.treatment = 'inherited') AS inherited,
    CAST(sum(obligations.evidence_requests) AS BIGINT) AS evidence,
    CAST(sum(obligations.evidence_answered) AS BIGINT) AS answered,
    round(sum(obligations.hours_low), 1) AS hours_low,
    round(sum(obligations.hours_likely), 1) AS hours_likely,
    round(sum(obligations.hours_high), 1) AS hours_high
FROM scoping.obligations AS obligations
LEFT JOIN parties.third_parties AS parties ON parties.party_id = obligations.party_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
GROUP BY obligations.party_id
ORDER BY hours_likely DESC NULLS LAST, obligations.party_id;
