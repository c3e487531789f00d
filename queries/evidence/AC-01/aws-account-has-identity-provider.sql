/* ---
title = "Account takes people from an identity provider"
description = """
People are to sign in once, centrally. An account that trusts no SAML provider, neither Identity Center's nor one of
ours, has local users only.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-01"
criteria = ["CC6.1", "CC6.2"]
provider = "aws"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS matches
    FROM inventory.resources
    WHERE type = 'AWS::IAM::SAMLProvider'
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
                AND gaps.type IN ('AWS::IAM::SAMLProvider', '*')
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
        WHEN matches > 0 THEN 'SAML providers: ' || matches
        WHEN is_gap THEN 'SAML providers could not be listed'
        ELSE 'no SAML provider'
    END AS reason
FROM accounts
ORDER BY resource_key;
