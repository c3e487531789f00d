/* ---
title = "Alerts that leave for a web hook are encrypted"
description = """
A web hook carries alert texts, names of resources and people to whoever runs its address. Every address has to be
https; groups without web hooks have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "LG-06"
criteria = ["CC7.2", "CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.insights/actiongroups"
--- */
WITH action_groups AS (
    SELECT
        resource_key,
        json_extract(config, '$.properties.webhookReceivers[*]') AS receivers,
        len(
            list_filter(
                json_extract(config, '$.properties.webhookReceivers[*]'),
                lambda receiver: (receiver ->> '$.serviceUri') LIKE 'http://%'
            )
        ) AS plain,
        len(
            list_filter(
                json_extract(config, '$.properties.webhookReceivers[*]'),
                lambda receiver: (receiver ->> '$.serviceUri') LIKE 'https://%'
            )
        ) AS encrypted
    FROM inventory.resources
    WHERE type = 'microsoft.insights/actiongroups'
)
SELECT
    resource_key,
    CASE
        WHEN len(receivers) = 0 THEN 'not_applicable'
        WHEN plain > 0 THEN 'fail'
        WHEN encrypted = len(receivers) THEN 'pass'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN len(receivers) = 0 THEN 'no web hooks'
        WHEN plain > 0 THEN 'an address that is not encrypted'
        WHEN encrypted = len(receivers) THEN 'https on all ' || len(receivers) || ' addresses'
        ELSE 'an address could not be read'
    END AS reason
FROM action_groups
ORDER BY resource_key;
