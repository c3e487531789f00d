/* ---
title = "Action group reaches somebody"
description = """
Alerts go to action groups, and action groups to people. Passes where the group is enabled and has a receiver.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "azure"
resource_type = "microsoft.insights/actiongroups"
--- */
WITH groups AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        (config ->> '$.properties.enabled') = 'false' AS is_off,
        len(json_extract(config, '$.properties.emailReceivers[*]'))
            + len(json_extract(config, '$.properties.smsReceivers[*]'))
            + len(json_extract(config, '$.properties.webhookReceivers[*]'))
            + len(json_extract(config, '$.properties.armRoleReceivers[*]'))
            + len(json_extract(config, '$.properties.logicAppReceivers[*]'))
            + len(json_extract(config, '$.properties.azureFunctionReceivers[*]'))
            + len(json_extract(config, '$.properties.eventHubReceivers[*]')) AS receivers
    FROM inventory.resources
    WHERE type = 'microsoft.insights/actiongroups'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_off THEN 'fail'
        WHEN receivers = 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_off THEN 'off'
        WHEN receivers = 0 THEN 'no receiver'
        ELSE receivers || ' receivers'
    END AS reason
FROM groups
ORDER BY resource_key;
