/* ---
title = "Account names a security contact"
description = """
AWS writes to the security contact when it sees abuse or a leak in the account; without one the notice goes to whoever
opened the account.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "IR-03"
criteria = ["CC7.3", "CC7.4"]
provider = "aws"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS resources
    FROM inventory.resources
    WHERE
        type = 'AWS::Account::AlternateContact'
        AND config ->> '$.AlternateContactType' = 'SECURITY'
    GROUP BY scope_id
),
unseen AS (
    SELECT DISTINCT scope_id
    FROM inventory.gaps AS gaps
    WHERE gaps.provider = 'aws' AND gaps.type IN ('AWS::Account::AlternateContact', '*')
)
SELECT
    scopes.scope_id AS resource_key,
    CASE
        WHEN found.resources > 0 THEN 'pass'
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen) THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN found.resources > 0 THEN 'security contacts: ' || found.resources
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen)
            THEN 'could not be read'
        ELSE 'no security contact'
    END AS reason
FROM inventory.scopes AS scopes
LEFT JOIN found ON found.scope_id = scopes.scope_id
WHERE scopes.provider = 'aws' AND scopes.kind = 'account' AND scopes.status IN ('active', 'enabled')
ORDER BY resource_key;
