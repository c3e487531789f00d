/* ---
title = "Nobody both builds in the subscription and hands out its roles"
description = """
Who may write resources and also grant roles can approve the own access. Principals that hold Contributor beside User
Access Administrator or Role Based Access Control Administrator, and all Owners but groups, hold both duties.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-12"
criteria = ["CC6.3", "CC8.1"]
provider = "azure"
resource_type = "scope"
--- */
WITH holders AS (
    SELECT
        scope_id,
        config ->> '$.properties.principalId' AS principal_id,
        config ->> '$.properties.principalType' AS principal_type,
        list(lower(split_part(config ->> '$.properties.roleDefinitionId', '/', -1))) AS roles
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
        AND lower(config ->> '$.properties.scope') = '/subscriptions/' || scope_id
    GROUP BY ALL
),

conflicts AS (
    SELECT scope_id, count(*) AS principals, min(principal_id) AS example
    FROM holders
    WHERE (
            list_contains(roles, 'b24988ac-6180-42a0-ab88-20f7382dd24c')
            AND list_has_any(
                roles, ['18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'f58310d9-a9f6-439a-9e8d-f62e7b41a168']
            )
        )
        OR (list_contains(roles, '8e3af657-a8ff-443c-a75c-2fe8c4bcb635') AND principal_type <> 'Group')
    GROUP BY scope_id
),

subscriptions AS (
    SELECT
        subscriptions.scope_id,
        coalesce(conflicts.principals, 0) AS principals,
        conflicts.example,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.type IN ('microsoft.authorization/roleassignments', '*')
                AND gaps.scope_id IN (subscriptions.scope_id, '*')
        ) AS is_gap
    FROM inventory.scopes AS subscriptions
    LEFT JOIN conflicts ON conflicts.scope_id = subscriptions.scope_id
    WHERE subscriptions.provider = 'azure'
        AND subscriptions.kind = 'subscription'
        AND subscriptions.status IN ('enabled', 'active', 'warned')
)

SELECT
    scope_id AS resource_key,
    CASE WHEN principals > 0 THEN 'fail' WHEN is_gap THEN 'unknown' ELSE 'pass' END AS status,
    CASE
        WHEN principals > 0 THEN 'hold both duties: ' || principals || ', among them ' || example
        WHEN is_gap THEN 'role assignments could not be listed'
        ELSE 'nobody holds both duties'
    END AS reason
FROM subscriptions
ORDER BY resource_key;
