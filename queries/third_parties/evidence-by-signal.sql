/* ---
title = "Where our knowledge of third parties comes from"
description = """
Evidence by what showed it: how many parties and resources each signal speaks for, how much of it counts, and how sure
it is.
"""
tables = ["parties.evidence"]

[[columns]]
name = "signal"
description = "What showed it (iam_trust_policy, dns_record, container_image)."

[[columns]]
name = "parties"
description = "Third parties it shows."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "counting"
description = "Rows that make a party count: live and dormant."

[[columns]]
name = "not_counting"
description = "Rows that do not: pending, stale and hints."

[[columns]]
name = "confidence"
description = "The mean confidence of its rows, 0 to 1."
--- */
SELECT
    signal,
    count(DISTINCT party_id) AS parties,
    count(DISTINCT resource_key) AS resources,
    count(*) FILTER (WHERE status IN ('live', 'dormant')) AS counting,
    count(*) FILTER (WHERE status NOT IN ('live', 'dormant')) AS not_counting,
    round(avg(relation_confidence * attribution_confidence), 2) AS confidence
FROM parties.evidence
GROUP BY signal
ORDER BY count(DISTINCT party_id) DESC, signal;
