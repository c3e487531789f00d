/* ---
title = "Account watches for credentials that nobody uses"
description = """
Credentials of people who have left are found by their silence. An active rule of AWS Config
(IAM_USER_UNUSED_CREDENTIALS_CHECK) has to look for them.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-04"
criteria = ["CC6.2", "CC6.3"]
provider = "aws"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS matches
    FROM inventory.resources
    WHERE type = 'AWS::Config::ConfigRule' AND (config ->> '$.ConfigRuleState') = 'ACTIVE'
        AND (config ->> '$.Source.SourceIdentifier') IN ('IAM_USER_UNUSED_CREDENTIALS_CHECK')
    GROUP BY scope_id
),

accounts AS (
    SELECT
        accounts.scope_id,
        found.matches,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.type IN ('AWS::Config::ConfigRule', '*')
                AND gaps.scope_id IN (accounts.scope_id, '*')
        ) AS is_gap
    FROM inventory.scopes AS accounts
    LEFT JOIN found ON found.scope_id = accounts.scope_id
    WHERE accounts.provider = 'aws' AND accounts.kind = 'account' AND accounts.status = 'active'
)

SELECT
    scope_id AS resource_key,
    CASE WHEN matches > 0 THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN matches > 0 THEN 'active rules: ' || matches
        WHEN is_gap THEN 'rules of AWS Config could not be listed'
        ELSE 'no active rule of AWS Config watches it'
    END AS reason
FROM accounts
ORDER BY resource_key;
