/* ---
title = "Account records its configuration"
description = """
What is run is known over time only where AWS Config has a recorder. At least one region of the account has to have
one.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "CM-01"
criteria = ["CC2.1", "CC6.1"]
provider = "aws"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS matches
    FROM inventory.resources
    WHERE type = 'AWS::Config::ConfigurationRecorder'
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
                AND gaps.type IN ('AWS::Config::ConfigurationRecorder', '*')
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
        WHEN matches > 0 THEN 'recorders: ' || matches
        WHEN is_gap THEN 'recorders could not be listed'
        ELSE 'no configuration recorder'
    END AS reason
FROM accounts
ORDER BY resource_key;
