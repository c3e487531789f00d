/* ---
title = "Notices of AWS Health are routed in the account"
description = """
AWS Health tells of incidents that touch the account's own resources. A rule that is on and matches its events carries
them to people or tickets instead of leaving them in a console.
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
        type = 'AWS::Events::Rule'
        AND config ->> '$.State' LIKE 'ENABLED%'
        AND config ->> '$.EventPattern' LIKE '%aws.health%'
    GROUP BY scope_id
),
unseen AS (
    SELECT DISTINCT scope_id
    FROM inventory.gaps AS gaps
    WHERE gaps.provider = 'aws' AND gaps.type IN ('AWS::Events::Rule', '*')
)
SELECT
    scopes.scope_id AS resource_key,
    CASE
        WHEN found.resources > 0 THEN 'pass'
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen) THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN found.resources > 0 THEN 'rules on health events: ' || found.resources
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen)
            THEN 'could not be read'
        ELSE 'no rule on health events'
    END AS reason
FROM inventory.scopes AS scopes
LEFT JOIN found ON found.scope_id = scopes.scope_id
WHERE scopes.provider = 'aws' AND scopes.kind = 'account' AND scopes.status IN ('active', 'enabled')
ORDER BY resource_key;
