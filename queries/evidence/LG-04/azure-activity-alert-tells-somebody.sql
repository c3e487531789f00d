/* ---
title = "Activity alert tells somebody"
description = """
An alert without an action group reaches nobody. Passes where the alert is enabled and names an action group.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "azure"
resource_type = "microsoft.insights/activitylogalerts"
--- */
WITH alerts AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        (config ->> '$.properties.enabled') = 'false' AS is_off,
        len(json_extract(config, '$.properties.actions.actionGroups[*]')) AS action_groups
    FROM inventory.resources
    WHERE type = 'microsoft.insights/activitylogalerts'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_off THEN 'fail'
        WHEN action_groups = 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_off THEN 'off'
        WHEN action_groups = 0 THEN 'no action group'
        ELSE action_groups || ' action groups'
    END AS reason
FROM alerts
ORDER BY resource_key;
