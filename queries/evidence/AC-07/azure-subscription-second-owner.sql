/* ---
title = "Subscription does not hang on a single owner"
description = """
If the only owner is gone, ill or locked out, nobody can help in an emergency. Two owners, or a group, are needed,
held at the subscription itself.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-07"
criteria = ["CC6.1", "CC6.3"]
provider = "azure"
resource_type = "scope"
--- */
WITH owners AS (
    SELECT
        scope_id,
        count(DISTINCT config ->> '$.properties.principalId') AS holders,
        bool_or((config ->> '$.properties.principalType') = 'Group') AS has_group
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
        AND lower(config ->> '$.properties.roleDefinitionId') LIKE '%/8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
        AND lower(config ->> '$.properties.scope') = '/subscriptions/' || scope_id
    GROUP BY scope_id
),

subscriptions AS (
    SELECT
        subscriptions.scope_id,
        coalesce(owners.holders, 0) AS holders,
        coalesce(owners.has_group, false) AS has_group,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.type IN ('microsoft.authorization/roleassignments', '*')
                AND gaps.scope_id IN (subscriptions.scope_id, '*')
        ) AS is_gap
    FROM inventory.scopes AS subscriptions
    LEFT JOIN owners ON owners.scope_id = subscriptions.scope_id
    WHERE subscriptions.provider = 'azure'
        AND subscriptions.kind = 'subscription'
        AND subscriptions.status IN ('enabled', 'active', 'warned')
)

SELECT
    scope_id AS resource_key,
    CASE
        WHEN holders >= 2 OR has_group THEN 'pass'
        WHEN is_gap THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_gap THEN 'role assignments could not be listed; owners seen: ' || holders
        ELSE 'owners: ' || holders || CASE WHEN has_group THEN ', a group among them' ELSE '' END
    END AS reason
FROM subscriptions
ORDER BY resource_key;
