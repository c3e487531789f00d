/* ---
title = "Web app acts with a managed identity"
description = """
Without an identity of its own, what runs on the app can reach other services only by secrets that somebody has put
there.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "azure"
resource_type = "microsoft.web/sites"
--- */
WITH workloads AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'identity'), false)
            OR coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.identity') AS is_unread,
        nullif(config ->> '$.identity.type', 'None') AS identity_type
    FROM inventory.resources
    WHERE type = 'microsoft.web/sites'
)

SELECT
    resource_key,
    CASE WHEN identity_type IS NOT NULL THEN 'pass' WHEN is_unread THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN identity_type IS NOT NULL THEN 'identity: ' || identity_type
        WHEN is_unread THEN 'its identity could not be read'
        ELSE 'no managed identity'
    END AS reason
FROM workloads
ORDER BY resource_key;
