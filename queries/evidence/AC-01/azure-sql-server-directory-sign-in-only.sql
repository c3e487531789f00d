/* ---
title = "SQL server takes identities of the directory only"
description = """
SQL logins are passwords that live in one server and leave with nobody.
"""
tables = ["inventory.resources"]

[check]
control = "AC-01"
criteria = ["CC6.1", "CC6.2"]
provider = "azure"
resource_type = "microsoft.sql/servers"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.administrators.azureADOnlyAuthentication' AS setting
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers'
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
        WHEN setting = 'true' THEN 'SQL logins are off'
        WHEN setting IS NULL THEN 'no directory administrator is set'
        ELSE 'SQL logins are allowed'
    END AS reason
FROM resources
ORDER BY resource_key;
