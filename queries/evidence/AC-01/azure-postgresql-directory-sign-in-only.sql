/* ---
title = "PostgreSQL server takes identities of the directory only"
description = """
Passwords of the database live in one server and leave with nobody. Sign-in by the directory has to be on and by
password off.
"""
tables = ["inventory.resources"]

[check]
control = "AC-01"
criteria = ["CC6.1", "CC6.2"]
provider = "azure"
resource_type = "microsoft.dbforpostgresql/flexibleservers"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.authConfig.activeDirectoryAuth' AS by_directory,
        config ->> '$.properties.authConfig.passwordAuth' AS by_password
    FROM inventory.resources
    WHERE type = 'microsoft.dbforpostgresql/flexibleservers'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN by_password IS NULL THEN 'unknown'
        WHEN by_directory = 'Enabled' AND by_password = 'Disabled' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN by_password IS NULL THEN 'how people sign in is not known'
        ELSE 'by directory: ' || lower(coalesce(by_directory, 'not set')) || ', by password: ' || lower(by_password)
    END AS reason
FROM resources
ORDER BY resource_key;
