/* ---
title = "Container registry refuses anonymous pulls"
description = """
Images hold code and often more. Absent means refused.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "azure"
resource_type = "microsoft.containerregistry/registries"
--- */
WITH registries AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.anonymousPullEnabled', 'false') = 'true' AS is_open
    FROM inventory.resources
    WHERE type = 'microsoft.containerregistry/registries'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_open THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_open THEN 'anonymous pulls are allowed'
        ELSE 'anonymous pulls are refused'
    END AS reason
FROM registries
ORDER BY resource_key;
