/* ---
title = "Subscription has Defender for Containers"
description = """
Images in registries are scanned and clusters are watched. Looks for the plan with the standard tier.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
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
                AND resources.type = 'microsoft.security/pricings'
                AND lower(resources.config ->> '$.name') = 'containers'
                AND (resources.config ->> '$.properties.pricingTier') = 'Standard'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('microsoft.security/pricings', '*')
                    OR starts_with(gaps.type, 'microsoft.security/pricings#')
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
        WHEN is_found THEN 'the plan is on'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'the plan is off'
    END AS reason
FROM scopes
ORDER BY resource_key;
