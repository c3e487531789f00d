/* ---
title = "Application that can't sign in holds no roles"
description = """
A review takes away what is not used. The roles of an application that was switched off come back with it.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "AC-05"
criteria = ["CC6.2", "CC6.3"]
provider = "azure"
resource_type = "microsoft.graph/serviceprincipals"
--- */
WITH assignments AS (
    SELECT
        lower(config ->> '$.properties.principalId') AS principal_id,
        count(*) AS roles
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
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
    WHERE principals.type = 'microsoft.graph/serviceprincipals'
)

SELECT
    resource_key,
    CASE
        WHEN is_enabled = 'true' THEN 'not_applicable'
        WHEN is_enabled IS NULL THEN 'unknown'
        WHEN roles > 0 THEN 'fail'
        WHEN is_gap THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_enabled = 'true' THEN 'can sign in'
        WHEN is_enabled IS NULL THEN 'whether it can sign in is not known'
        WHEN roles > 0 THEN 'switched off and still holds roles: ' || roles
        WHEN is_gap THEN 'role assignments could not be listed everywhere'
        ELSE 'switched off and without roles'
    END AS reason
FROM principals
ORDER BY resource_key;
