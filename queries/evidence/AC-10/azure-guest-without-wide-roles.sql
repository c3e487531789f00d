/* ---
title = "Guest holds no wide role"
description = """
People of other organizations who own a subscription, contribute to it or hand out its roles are outside of our leave
process and of our devices. Owner, Contributor, User Access Administrator and Role Based Access Control Administrator
fail.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "azure"
resource_type = "microsoft.graph/users"
--- */
WITH assignments AS (
    SELECT
        lower(config ->> '$.properties.principalId') AS principal_id,
        count(*) AS roles
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
        AND regexp_matches(
            lower(config ->> '$.properties.roleDefinitionId'),
            '(8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c'
            || '|18d7d88d-d35e-4fb5-a5c3-7773c20a72d9|f58310d9-a9f6-439a-9e8d-f62e7b41a168)$'
        )
    GROUP BY ALL
),

principals AS (
    SELECT
        principals.resource_key,
        principals.config ->> '$.accountEnabled' AS is_enabled,
        coalesce(assignments.roles, 0) AS roles,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure' AND gaps.type IN ('microsoft.authorization/roleassignments', '*')
        ) AS is_gap
    FROM inventory.resources AS principals
    LEFT JOIN assignments ON assignments.principal_id = lower(principals.config ->> '$.id')
    WHERE principals.type = 'microsoft.graph/users'
)

SELECT
    resource_key,
    CASE WHEN roles > 0 THEN 'fail' WHEN is_gap THEN 'unknown' ELSE 'pass' END AS status,
    CASE
        WHEN roles > 0 THEN 'wide roles: ' || roles
        WHEN is_gap THEN 'role assignments could not be listed everywhere'
        ELSE 'no wide role'
    END AS reason
FROM principals
ORDER BY resource_key;
