/* ---
title = "Web app serves HTTPS only"
description = """
Plain HTTP is redirected. Looks at the HTTPS-only setting; absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.web/sites"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.httpsOnly', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.web/sites'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_on THEN 'HTTPS only'
        ELSE 'plain HTTP is served'
    END AS reason
FROM resources
ORDER BY resource_key;
