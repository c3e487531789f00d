/* ---
title = "People who can't sign in any more have no rights over the subscription"
description = """
Accounts that were blocked and kept their roles are leavers halfway out. Defender for Cloud judges them for each
subscription; without its judgement the answer is not known.
"""
tables = ["inventory.resources", "inventory.scopes"]

[check]
control = "AC-04"
criteria = ["CC6.2", "CC6.3"]
provider = "azure"
resource_type = "scope"
--- */
WITH findings AS (
    SELECT
        scope_id,
        count(*) FILTER (WHERE (config ->> '$.properties.status.code') = 'Unhealthy') AS unhealthy,
        count(*) FILTER (WHERE (config ->> '$.properties.status.code') = 'Healthy') AS healthy,
        min(config ->> '$.properties.displayName') FILTER (
            WHERE (config ->> '$.properties.status.code') = 'Unhealthy'
        ) AS example
    FROM inventory.resources
    WHERE type = 'microsoft.security/assessments'
        AND regexp_matches(config ->> '$.properties.displayName', '(?i)(blocked|deprecated) accounts')
    GROUP BY scope_id
)

SELECT
    subscriptions.scope_id AS resource_key,
    CASE
        WHEN findings.unhealthy > 0 THEN 'fail'
        WHEN findings.healthy > 0 THEN 'pass'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN findings.unhealthy > 0 THEN 'unhealthy: ' || findings.example
        WHEN findings.healthy > 0 THEN 'healthy assessments: ' || findings.healthy
        ELSE 'Defender for Cloud says nothing about blocked accounts'
    END AS reason
FROM inventory.scopes AS subscriptions
LEFT JOIN findings ON findings.scope_id = subscriptions.scope_id
WHERE subscriptions.provider = 'azure'
    AND subscriptions.kind = 'subscription'
    AND subscriptions.status IN ('enabled', 'active', 'warned')
ORDER BY resource_key;
