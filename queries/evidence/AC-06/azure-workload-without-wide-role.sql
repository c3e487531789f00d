/* ---
title = "Workload holds no role over a whole subscription"
description = """
A workload that owns a subscription, or hands out its roles, turns its own flaws into those of the subscription.
Owner, Contributor, User Access Administrator and Role Based Access Control Administrator at a subscription or above
fail.
"""
tables = ["inventory.resources"]

[check]
control = "AC-06"
criteria = ["CC6.3"]
provider = "azure"
resource_type = "microsoft.authorization/roleassignments"
--- */
WITH assignments AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.principalType' AS principal_type,
        regexp_matches(
            lower(config ->> '$.properties.roleDefinitionId'),
            '(8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c'
            || '|18d7d88d-d35e-4fb5-a5c3-7773c20a72d9|f58310d9-a9f6-439a-9e8d-f62e7b41a168)$'
        ) AS is_wide,
        lower(config ->> '$.properties.scope') AS assigned_at
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN principal_type <> 'ServicePrincipal' THEN 'not_applicable'
        WHEN principal_type IS NULL OR is_wide IS NULL OR assigned_at IS NULL THEN 'unknown'
        WHEN is_wide AND assigned_at NOT LIKE '%/resourcegroups/%' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the assignment could not be read'
        WHEN principal_type <> 'ServicePrincipal' THEN 'given to: ' || principal_type
        WHEN principal_type IS NULL OR is_wide IS NULL OR assigned_at IS NULL THEN 'role, holder or place is not known'
        WHEN is_wide AND assigned_at NOT LIKE '%/resourcegroups/%' THEN 'wide role at ' || assigned_at
        ELSE 'narrow role or narrow place'
    END AS reason
FROM assignments
ORDER BY resource_key;
