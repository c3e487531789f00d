/* ---
title = "Role of our own making does not allow everything"
description = """
A custom role with the action * is Owner under another name. Built-in roles are left out.
"""
tables = ["inventory.resources"]

[check]
control = "AC-06"
criteria = ["CC6.3"]
provider = "azure"
resource_type = "microsoft.authorization/roledefinitions"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.type' AS role_type,
        json_extract_string(config, '$.properties.permissions[*].actions[*]') AS actions
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roledefinitions'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN role_type <> 'CustomRole' THEN 'not_applicable'
        WHEN role_type IS NULL THEN 'unknown'
        WHEN list_contains(actions, '*') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN role_type <> 'CustomRole' THEN 'built-in role'
        WHEN role_type IS NULL THEN 'its kind is not known'
        WHEN list_contains(actions, '*') THEN 'allows every action'
        ELSE 'allowed actions: ' || len(actions)
    END AS reason
FROM resources
ORDER BY resource_key;
