/* ---
title = "Third parties that reach us and have no report to rely on"
description = """
Parties with more than a contact, of which no report is current or bridged: each has to be asked for a report or
assessed. The strongest reach comes first; parties that nothing in the estate shows are in `register-differences`.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties"]

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
name = "resources"
description = "Resources that show it."

[[columns]]
name = "report"
description = "The best reliance of its reports; none without one."

[[columns]]
name = "in_register"
description = "Whether the register lists it."
--- */
WITH held AS (
    SELECT
        party_id,
        min(
            CASE reliance
                WHEN 'current' THEN 1
                WHEN 'bridged' THEN 2
                WHEN 'stale' THEN 3
                WHEN 'expired' THEN 4
                WHEN 'unreliable' THEN 5
                ELSE 6
            END
        ) AS best
    FROM parties.reports
    WHERE party_id IS NOT NULL
    GROUP BY party_id
),
shown AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    parties.party_id,
    parties.name,
    parties.relation_strength AS strength,
    coalesce(shown.resources, 0) AS resources,
    CASE held.best
        WHEN 3 THEN 'stale'
        WHEN 4 THEN 'expired'
        WHEN 5 THEN 'unreliable'
        WHEN 6 THEN 'not_evaluable'
        ELSE 'none'
    END AS report,
    parties.in_register
FROM parties.third_parties AS parties
LEFT JOIN held ON held.party_id = parties.party_id
LEFT JOIN shown ON shown.party_id = parties.party_id
WHERE parties.relation_strength <> 'contact'
    AND coalesce(held.best, 7) > 2
ORDER BY
    CASE parties.relation_strength
        WHEN 'can_admin' THEN 1
        WHEN 'can_read_data' THEN 2
        WHEN 'sends_data_to' THEN 3
        WHEN 'can_read_config' THEN 4
        WHEN 'identity' THEN 5
        ELSE 6
    END,
    coalesce(shown.resources, 0) DESC,
    parties.party_id;
