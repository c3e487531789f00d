/* ---
title = "Account watches that console users have a second factor"
description = """
Users come and go between two reviews. An active rule of AWS Config (MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS or
IAM_USER_MFA_ENABLED) has to watch their second factor all the time.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-02"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS matches
    FROM inventory.resources
    WHERE type = 'AWS::Config::ConfigRule' AND (config ->> '$.ConfigRuleState') = 'ACTIVE'
        AND (config ->> '$.Source.SourceIdentifier') IN (
            'MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS', 'IAM_USER_MFA_ENABLED'
        )
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
