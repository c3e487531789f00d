/* ---
title = "Which third parties reach which account, subscription and project"
description = """
One row for each third party and scope with live or dormant evidence: how many resources show it, and how far it
reaches there. The clouds' own hosting is left out.
"""
tables = ["inventory.resources", "inventory.scopes", "parties.evidence"]

[[parameters]]
name = "scope"
type = "text"
default = ""
description = "Only this account, subscription or project (its scope_id); all without it."

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only this party; all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "scope"
description = "Its name."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "strength"
description = "The strongest evidence there."

[[columns]]
name = "resources"
description = "Resources that show it."
--- */
WITH reached AS (
    SELECT
        resources.provider,
        resources.scope_id,
        evidence.party_id,
        min(
            CASE evidence.strength
                WHEN 'can_admin' THEN 1
                WHEN 'can_read_data' THEN 2
                WHEN 'sends_data_to' THEN 3
                WHEN 'can_read_config' THEN 4
                WHEN 'identity' THEN 5
                WHEN 'hosting' THEN 6
                ELSE 7
            END
        ) AS best,
        count(DISTINCT evidence.resource_key) AS resources
    FROM parties.evidence AS evidence
    INNER JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
    WHERE evidence.status IN ('live', 'dormant') AND evidence.signal <> 'scope'
    GROUP BY resources.provider, resources.scope_id, evidence.party_id
)
SELECT
    reached.provider,
    reached.scope_id,
    scopes.name AS scope,
    reached.party_id,
    CASE reached.best
        WHEN 1 THEN 'can_admin'
        WHEN 2 THEN 'can_read_data'
        WHEN 3 THEN 'sends_data_to'
        WHEN 4 THEN 'can_read_config'
        WHEN 5 THEN 'identity'
        WHEN 6 THEN 'hosting'
        ELSE 'contact'
    END AS strength,
    reached.resources
FROM reached
LEFT JOIN inventory.scopes AS scopes ON scopes.provider = reached.provider AND scopes.scope_id = reached.scope_id
WHERE coalesce(getvariable('scope'), '') IN ('', reached.scope_id)
    AND coalesce(getvariable('party'), '') IN ('', reached.party_id)
ORDER BY reached.provider, reached.scope_id, reached.best, reached.party_id;
