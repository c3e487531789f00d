/* ---
title = "Account compares its settings with rules"
description = """
Looks for at least one active configuration rule in each account.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "MN-02"
criteria = ["CC4.1", "CC7.1"]
provider = "aws"
resource_type = "scope"
--- */
WITH scopes AS (
    SELECT
        scopes.scope_id AS resource_key,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS resources
            WHERE resources.scope_id = scopes.scope_id
                AND resources.type = 'AWS::Config::ConfigRule'
                AND (resources.config ->> '$.ConfigRuleState') = 'ACTIVE'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('AWS::Config::ConfigRule', '*')
                    OR starts_with(gaps.type, 'AWS::Config::ConfigRule#')
                )
        ) AS is_hidden
    FROM inventory.scopes AS scopes
    WHERE scopes.provider = 'aws' AND scopes.kind = 'account' AND scopes.status IN ('active', 'enabled')
)
SELECT
    resource_key,
    CASE
        WHEN is_found THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_found THEN 'an active rule'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'no active rule'
    END AS reason
FROM scopes
ORDER BY resource_key;
