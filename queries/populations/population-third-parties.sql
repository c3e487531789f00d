/* ---
title = "Third parties that we depend on"
description = """
One row for each third party that live or dormant evidence shows or whose report is held. What the vendor register is
sampled from.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties"]

[[columns]]
name = "provider"
description = "Where it is: aws, azure, gcp, or any for third parties."

[[columns]]
name = "item_key"
description = "The item, once; what a sample is drawn by."

[[columns]]
name = "item_type"
description = "What it is, in the provider's own word."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; NULL where it is in none."

[[columns]]
name = "name"
description = "The name a person gave it."

[[columns]]
name = "happened_at"
description = "When it happened or was made (UTC), where that is known."

[[columns]]
name = "detail"
description = "What an auditor has to know of it."
--- */
WITH shown AS (
    SELECT party_id, count(*) AS places
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    'any' AS provider,
    parties.party_id AS item_key,
    coalesce(parties.category, 'third party') AS item_type,
    CAST(NULL AS VARCHAR) AS scope_id,
    parties.name,
    CAST(NULL AS TIMESTAMP) AS happened_at,
    concat(
        'shown in ', coalesce(shown.places, 0), ' places, ',
        CASE WHEN parties.in_register THEN 'in the register' ELSE 'not in the register' END
    ) AS detail
FROM parties.third_parties AS parties
LEFT JOIN shown ON shown.party_id = parties.party_id
WHERE shown.party_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM parties.reports AS reports WHERE reports.party_id = parties.party_id)
ORDER BY provider, item_key;
