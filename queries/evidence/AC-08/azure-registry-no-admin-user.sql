/* ---
title = "Container registry has no admin user"
description = """
Shared keys open everything, name nobody and last until somebody changes them. Access has to go through identities of
the directory.
"""
tables = ["inventory.resources"]

[check]
control = "AC-08"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.containerregistry/registries"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.adminUserEnabled' AS setting
    FROM inventory.resources
    WHERE type = 'microsoft.containerregistry/registries'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN setting = 'false' THEN 'pass'
        WHEN setting IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN setting = 'false' THEN 'the admin user is off'
        WHEN setting IS NULL THEN 'whether the admin user is on is not known'
        ELSE 'the admin user is on'
    END AS reason
FROM resources
ORDER BY resource_key;
