/* ---
title = "Unused access of the account is looked for"
description = """
A review needs to know which rights are not used. An active analyzer for unused access, of the account or of the
organization, has to be there.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-05"
criteria = ["CC6.2", "CC6.3"]
provider = "aws"
resource_type = "scope"
--- */
WITH analyzers AS (
    SELECT scope_id, config ->> '$.type' AS analyzer_type
    FROM inventory.resources
    WHERE type = 'AWS::AccessAnalyzer::Analyzer' AND (config ->> '$.status') = 'ACTIVE'
),

accounts AS (
    SELECT
        accounts.scope_id,
        EXISTS (
            SELECT 1
            FROM analyzers
            WHERE (analyzers.analyzer_type = 'ACCOUNT_UNUSED_ACCESS' AND analyzers.scope_id = accounts.scope_id)
                OR analyzers.analyzer_type = 'ORGANIZATION_UNUSED_ACCESS'
        ) AS is_analysed,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws' AND gaps.type IN ('AWS::AccessAnalyzer::Analyzer', '*')
        ) AS is_gap
    FROM inventory.scopes AS accounts
    WHERE accounts.provider = 'aws' AND accounts.kind = 'account' AND accounts.status = 'active'
)

SELECT
    scope_id AS resource_key,
    CASE WHEN is_analysed THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN is_analysed THEN 'analyzer for unused access'
        WHEN is_gap THEN 'analyzers could not be listed everywhere'
        ELSE 'no active analyzer for unused access'
    END AS reason
FROM accounts
ORDER BY resource_key;
