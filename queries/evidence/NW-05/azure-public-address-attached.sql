/* ---
title = "Public address is attached to something"
description = """
An address that belongs to nothing is forgotten, with the names and the allow-lists that still point to it.
"""
tables = ["inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/publicipaddresses"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(config ->> '$.properties.ipConfiguration.id', config ->> '$.properties.natGateway.id') AS attached_to,
        coalesce(config ->> '$.properties.ipAddress', 'address') AS address
    FROM inventory.resources
    WHERE type = 'microsoft.network/publicipaddresses'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN attached_to IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN attached_to IS NOT NULL THEN address || ' is attached'
        ELSE address || ' is attached to nothing'
    END AS reason
FROM resources
ORDER BY resource_key;
