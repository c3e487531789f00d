/* ---
title = "Third parties, how far they reach and whether a report speaks for them"
description = """
Every party that live or dormant evidence, a report or the register shows, the strongest first. A party without a report
that can be relied on has to be assessed.
"""
tables = ["graph.reach", "parties.evidence", "parties.reports", "parties.third_parties"]

[[parameters]]
name = "origin"
type = "text"
default = ""
description = "Only parties of this origin (provider, directory, register, report, discovered); all without it."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "category"
description = "What kind of vendor it is."

[[columns]]
name = "strength"
description = "The strongest evidence that counts."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "depth"
description = "1 for a direct party, 2 and more through others; empty where nothing reaches it."

[[columns]]
name = "report"
description = "The best reliance of its reports: current, bridged, stale, expired, unreliable; none without a report."

[[columns]]
name = "origin"
description = "How we came to know of it."

[[columns]]
name = "first_seen_run"
description = "The run that named it first."
--- */
WITH shown AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
),
ranked_reports AS (
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
)
SELECT
    parties.party_id,
    parties.name,
    parties.category,
    parties.relation_strength AS strength,
    coalesce(shown.resources, 0) AS resources,
    reach.depth,
    CASE ranked_reports.best
        WHEN 1 THEN 'current'
        WHEN 2 THEN 'bridged'
        WHEN 3 THEN 'stale'
        WHEN 4 THEN 'expired'
        WHEN 5 THEN 'unreliable'
        WHEN 6 THEN 'not_evaluable'
        ELSE 'none'
    END AS report,
    parties.origin,
    parties.first_seen_run
FROM parties.third_parties AS parties
LEFT JOIN shown ON shown.party_id = parties.party_id
LEFT JOIN ranked_reports ON ranked_reports.party_id = parties.party_id
LEFT JOIN graph.reach AS reach ON reach.party_id = parties.party_id
WHERE coalesce(getvariable('origin'), '') IN ('', parties.origin)
ORDER BY
    CASE parties.relation_strength
        WHEN 'can_admin' THEN 1
        WHEN 'can_read_data' THEN 2
        WHEN 'sends_data_to' THEN 3
        WHEN 'can_read_config' THEN 4
        WHEN 'identity' THEN 5
        WHEN 'hosting' THEN 6
        WHEN 'contact' THEN 7
        ELSE 8
    END,
    resources DESC,
    parties.party_id;
