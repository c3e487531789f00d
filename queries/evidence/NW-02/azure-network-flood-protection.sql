/* ---
title = "Network has protection against floods"
description = """
Basic protection keeps Azure up, not us. Networks with public services need the plan that is tuned to them.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6", "A1.1"]
provider = "azure"
resource_type = "microsoft.network/virtualnetworks"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.enableDdosProtection' AS setting
    FROM inventory.resources
    WHERE type = 'microsoft.network/virtualnetworks'
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
        WHEN setting = 'true' THEN 'protection plan is on'
        WHEN setting IS NULL THEN 'no protection plan'
        ELSE 'no protection plan'
    END AS reason
FROM resources
ORDER BY resource_key;
