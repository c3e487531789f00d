/* ---
title = "Event hub namespace refuses shared access keys"
description = """
Shared keys open everything, name nobody and last until somebody changes them. Access has to go through identities of
the directory.
"""
tables = ["inventory.resources"]

[check]
control = "AC-08"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.eventhub/namespaces"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.disableLocalAuth' AS setting
    FROM inventory.resources
    WHERE type = 'microsoft.eventhub/namespaces'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN setting = 'true' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN setting = 'true' THEN 'access keys are refused'
        WHEN setting IS NULL THEN 'access keys are accepted, as by default'
        ELSE 'access keys are accepted'
    END AS reason
FROM resources
ORDER BY resource_key;
