/* ---
title = "SQL server is audited"
description = """
Logins and statements are recorded.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "azure"
resource_type = "microsoft.sql/servers"
--- */
WITH servers AS (
    SELECT
        resource_key,
        list_contains(unread, 'auditingSettings') OR NOT json_exists(config, '$.auditingSettings') AS is_unread,
        coalesce(config ->> '$.auditingSettings.properties.state', 'not set') AS auditing
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN auditing = 'Enabled' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the auditing could not be read'
        WHEN auditing = 'Enabled' THEN 'auditing on'
        ELSE 'auditing is ' || lower(auditing)
    END AS reason
FROM servers
ORDER BY resource_key;
