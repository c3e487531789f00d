/* ---
title = "Account belongs to the organization"
description = """
An account outside of the organization is held back by nothing. Every account that we crawl has to hang below the
organization or one of its units.
"""
tables = ["inventory.gaps", "inventory.scopes"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "aws"
resource_type = "scope"
--- */
WITH accounts AS (
    SELECT scope_id, parent_id
    FROM inventory.scopes
    WHERE provider = 'aws' AND kind = 'account' AND status = 'active'
)

SELECT
    scope_id AS resource_key,
    CASE
        WHEN parent_id IS NOT NULL THEN 'pass'
        WHEN EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws' AND gaps.type LIKE 'AWS::Organizations::%'
        ) THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN parent_id IS NOT NULL THEN 'below ' || parent_id
        ELSE 'no organization is known for it'
    END AS reason
FROM accounts
ORDER BY resource_key;
