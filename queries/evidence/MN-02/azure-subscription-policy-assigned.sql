/* ---
title = "Subscription compares its settings with a policy"
description = """
Looks for at least one policy assignment of the subscription itself that is not only a trial; assignments of
management groups above it are not looked at.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "MN-02"
criteria = ["CC4.1", "CC7.1"]
provider = "azure"
resource_type = "scope"
--- */
WITH scopes AS (
    SELECT
        scopes.scope_id AS resource_key,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS resources
            WHERE resources.scope_id = scopes.scope_id
                AND resources.type = 'microsoft.authorization/policyassignments'
                AND coalesce(resources.config ->> '$.properties.enforcementMode', 'Default') = 'Default'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('microsoft.authorization/policyassignments', '*')
                    OR starts_with(gaps.type, 'microsoft.authorization/policyassignments#')
                )
        ) AS is_hidden
    FROM inventory.scopes AS scopes
    WHERE scopes.provider = 'azure' AND scopes.kind = 'subscription' AND scopes.status IN ('active', 'enabled')
)
SELECT
    resource_key,
    CASE
        WHEN is_found THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_found THEN 'a policy is assigned'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'no policy is assigned'
    END AS reason
FROM scopes
ORDER BY resource_key;
