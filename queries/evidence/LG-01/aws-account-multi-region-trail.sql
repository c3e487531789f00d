/* ---
title = "Account records every region"
description = """
Passes where a multi-region trail of the account, or a trail of the whole organization in any account, is recording.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "scope"
--- */
WITH scopes AS (
    SELECT
        scopes.scope_id AS resource_key,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS resources
            WHERE resources.type = 'AWS::CloudTrail::Trail'
                AND (
                    resources.scope_id = scopes.scope_id
                    OR (resources.config ->> '$.IsOrganizationTrail') = 'true'
                )
                AND (resources.config ->> '$.IsMultiRegionTrail') = 'true'
                AND (resources.config ->> '$.GetTrailStatus.IsLogging') = 'true'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('AWS::CloudTrail::Trail', '*')
                    OR starts_with(gaps.type, 'AWS::CloudTrail::Trail#')
                )
        ) AS is_hidden
    FROM inventory.scopes AS scopes
    WHERE scopes.provider = 'aws' AND scopes.kind = 'account' AND scopes.status IN ('active', 'enabled')
)
SELECT
    resource_key,
    CASE
        WHEN is_found THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_found THEN 'a multi-region trail is recording'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'no multi-region trail is recording'
    END AS reason
FROM scopes
ORDER BY resource_key;
