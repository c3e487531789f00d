/* ---
title = "Subscription is under a policy that is enforced"
description = """
At least one policy has to be assigned to the subscription itself or to a management group; an assignment to a
management group counts where it is the root of the tenant or the subscription's own parent.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "azure"
resource_type = "scope"
--- */
WITH assigned AS (
    SELECT lower(config ->> '$.properties.scope') AS assigned_at, count(*) AS assignments
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/policyassignments'
        AND coalesce(config ->> '$.properties.enforcementMode', 'Default') = 'Default'
    GROUP BY ALL
),

subscriptions AS (
    SELECT
        scopes.scope_id,
        coalesce(sum(assigned.assignments), 0) AS assignments,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.type IN ('microsoft.authorization/policyassignments', '*')
                AND gaps.scope_id IN (scopes.scope_id, '*')
        ) AS is_gap
    FROM inventory.scopes AS scopes
    LEFT JOIN assigned ON assigned.assigned_at IN ('/subscriptions/' || scopes.scope_id, lower(scopes.parent_id))
        OR assigned.assigned_at IN (
            SELECT '/providers/microsoft.management/managementgroups/' || tenants.scope_id
            FROM inventory.scopes AS tenants
            WHERE tenants.provider = 'azure' AND tenants.kind = 'tenant'
        )
    WHERE scopes.provider = 'azure'
        AND scopes.kind = 'subscription'
        AND scopes.status IN ('enabled', 'active', 'warned')
    GROUP BY scopes.scope_id
)

SELECT
    scope_id AS resource_key,
    CASE WHEN assignments > 0 THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN assignments > 0 THEN 'enforced assignments: ' || assignments
        WHEN is_gap THEN 'assignments could not be listed'
        ELSE 'no enforced assignment'
    END AS reason
FROM subscriptions
ORDER BY resource_key;
