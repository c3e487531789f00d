/* ---
title = "Sensitive data is searched for in the account"
description = """
Tags say what somebody meant a store to hold; Macie looks at what is in it. The account needs a session that is not
paused, in one region at least.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "CF-01"
criteria = ["C1.1"]
provider = "aws"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS resources
    FROM inventory.resources
    WHERE
        type = 'AWS::Macie::Session'
        AND config ->> '$.status' = 'ENABLED'
    GROUP BY scope_id
),
unseen AS (
    SELECT DISTINCT scope_id
    FROM inventory.gaps AS gaps
    WHERE gaps.provider = 'aws' AND gaps.type IN ('AWS::Macie::Session', '*')
)
SELECT
    scopes.scope_id AS resource_key,
    CASE
        WHEN found.resources > 0 THEN 'pass'
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen) THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN found.resources > 0 THEN 'regions with discovery on: ' || found.resources
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen)
            THEN 'could not be read'
        ELSE 'sensitive data discovery is off'
    END AS reason
FROM inventory.scopes AS scopes
LEFT JOIN found ON found.scope_id = scopes.scope_id
WHERE scopes.provider = 'aws' AND scopes.kind = 'account' AND scopes.status IN ('active', 'enabled')
ORDER BY resource_key;
