/* ---
title = "Network interface does not forward traffic of others"
description = """
A machine that forwards packets joins networks past every rule between them.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/networkinterfaces"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(config ->> '$.properties.enableIPForwarding', 'false') AS forwards
    FROM inventory.resources
    WHERE type = 'microsoft.network/networkinterfaces'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN forwards = 'true' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN forwards = 'true' THEN 'may forward'
        ELSE 'may not forward'
    END AS reason
FROM resources
ORDER BY resource_key;
