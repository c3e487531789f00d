/* ---
title = "Web app is released by a swap from a slot"
description = """
A slot runs the new version beside the old one, so that it is tried before it takes the name. Looks at the last swap
that the app has on record. Apps that are stopped are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-02"
criteria = ["CC8.1"]
provider = "azure"
resource_type = "microsoft.web/sites"
--- */
WITH apps AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') OR NOT json_exists(config, '$.properties.slotSwapStatus') AS is_unread,
        config ->> '$.properties.state' AS app_state,
        config ->> '$.properties.slotSwapStatus.sourceSlotName' AS source_slot,
        left(config ->> '$.properties.slotSwapStatus.timestampUtc', 10) AS swapped_on
    FROM inventory.resources
    WHERE type = 'microsoft.web/sites'
)
SELECT
    resource_key,
    CASE
        WHEN app_state = 'Stopped' THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN source_slot IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN app_state = 'Stopped' THEN 'stopped'
        WHEN is_unread THEN 'the last swap is not in the answer'
        WHEN source_slot IS NOT NULL THEN 'swapped in from ' || source_slot || coalesce(' on ' || swapped_on, '')
        ELSE 'no swap is on record'
    END AS reason
FROM apps
ORDER BY resource_key;
