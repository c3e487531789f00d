/* ---
title = "Image gallery is shared with nobody by itself"
description = """
A gallery with community sharing is public, one with groups is open to other subscriptions and tenants. Absent means
private.
"""
tables = ["inventory.resources"]

[check]
control = "DP-05"
criteria = ["CC6.1", "CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.compute/galleries"
--- */
WITH galleries AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.sharingProfile.permissions', 'Private') AS sharing
    FROM inventory.resources
    WHERE type = 'microsoft.compute/galleries'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN sharing = 'Private' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN sharing = 'Private' THEN 'private'
        ELSE 'shared with ' || lower(sharing)
    END AS reason
FROM galleries
ORDER BY resource_key;
