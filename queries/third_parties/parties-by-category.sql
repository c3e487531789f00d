/* ---
title = "What kinds of vendors we depend on"
description = """
Third parties by the directory's category: how many, how many reach our data or our administration, and of how many a
report can be relied on.
"""
tables = ["parties.reports", "parties.third_parties"]

[[columns]]
name = "category"
description = "The directory's kind; empty for parties that it does not know."

[[columns]]
name = "parties"
description = "Third parties."

[[columns]]
name = "administer"
description = "Those that can administer."

[[columns]]
name = "data"
description = "Those that read our data or are sent it."

[[columns]]
name = "with_report"
description = "Those with a current or bridged report."

[[columns]]
name = "who"
description = "The parties."
--- */
WITH relied AS (
    SELECT DISTINCT party_id FROM parties.reports WHERE reliance IN ('current', 'bridged')
)
SELECT
    parties.category,
    count(*) AS parties,
    count(*) FILTER (WHERE parties.relation_strength = 'can_admin') AS administer,
    count(*) FILTER (WHERE parties.relation_strength IN ('can_read_data', 'sends_data_to')) AS data,
    count(relied.party_id) AS with_report,
    array_join(array_sort(array_agg(parties.party_id)), ', ') AS who
FROM parties.third_parties AS parties
LEFT JOIN relied ON relied.party_id = parties.party_id
GROUP BY parties.category
ORDER BY count(*) DESC, parties.category NULLS LAST;
