/* ---
title = "Security contact is told of alerts"
description = """
Alerts of Defender go to a person. Passes where notifications are on and an address or a role is named.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "azure"
resource_type = "microsoft.security/securitycontacts"
--- */
WITH contacts AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(
            config ->> '$.properties.alertNotifications.state',
            CASE WHEN len(json_extract(config, '$.properties.notificationsSources[*]')) > 0 THEN 'On' END,
            'Off'
        ) AS notified,
        coalesce(config ->> '$.properties.emails', '') AS emails,
        len(json_extract(config, '$.properties.notificationsByRole.roles[*]')) AS roles
    FROM inventory.resources
    WHERE type = 'microsoft.security/securitycontacts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN lower(notified) <> 'on' THEN 'fail'
        WHEN emails = '' AND roles = 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN lower(notified) <> 'on' THEN 'notifications are off'
        WHEN emails = '' AND roles = 0 THEN 'nobody is named'
        ELSE 'notifications are on'
    END AS reason
FROM contacts
ORDER BY resource_key;
