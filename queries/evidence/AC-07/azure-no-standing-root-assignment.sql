/* ---
title = "Role is not held at the root of the tenant"
description = """
An administrator who has raised the own access holds a role at / over every subscription. It is for emergencies and
has to be put back.
"""
tables = ["inventory.resources"]

[check]
control = "AC-07"
criteria = ["CC6.1", "CC6.3"]
provider = "azure"
resource_type = "microsoft.authorization/roleassignments"
--- */
WITH assignments AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.scope' AS assigned_at,
        config ->> '$.properties.principalType' AS principal_type
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN assigned_at IS NULL THEN 'unknown'
        WHEN assigned_at = '/' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the assignment could not be read'
        WHEN assigned_at IS NULL THEN 'where it holds is not known'
        WHEN assigned_at = '/' THEN 'held at the root by: ' || coalesce(principal_type, 'somebody')
        ELSE 'held at ' || assigned_at
    END AS reason
FROM assignments
ORDER BY resource_key;
