/* ---
title = "Subscription is assessed by Defender"
description = """
Resources are assessed against known weaknesses and settings. Looks for at least one assessment.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "VM-01"
criteria = ["CC7.1"]
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
                AND resources.type = 'microsoft.security/assessments'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('microsoft.security/assessments', '*')
                    OR starts_with(gaps.type, 'microsoft.security/assessments#')
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
        WHEN is_found THEN 'assessments found'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'no assessment'
    END AS reason
FROM scopes
ORDER BY resource_key;
