/* ---
title = "Subscription hangs below a management group"
description = """
Policies from the top reach a subscription through its management group. One that no group holds is governed by itself
alone.
"""
tables = ["inventory.scopes"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "azure"
resource_type = "scope"
--- */
SELECT
    subscriptions.scope_id AS resource_key,
    CASE
        WHEN subscriptions.parent_id IS NULL THEN 'unknown'
        WHEN groups.scope_id IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN subscriptions.parent_id IS NULL THEN 'what holds it is not known'
        WHEN groups.scope_id IS NOT NULL THEN 'below ' || coalesce(groups.name, groups.scope_id)
        ELSE 'below the tenant only'
    END AS reason
FROM inventory.scopes AS subscriptions
LEFT JOIN inventory.scopes AS groups
    ON groups.provider = 'azure'
    AND groups.kind = 'management_group'
    AND groups.scope_id = subscriptions.parent_id
WHERE subscriptions.provider = 'azure'
    AND subscriptions.kind = 'subscription'
    AND subscriptions.status IN ('enabled', 'active', 'warned')
ORDER BY resource_key;
