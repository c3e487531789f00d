/* ---
title = "Disk is in use"
description = """
Disks that nothing uses hold data that nobody watches or deletes.
"""
tables = ["inventory.resources"]

[check]
control = "DP-07"
criteria = ["CC6.5", "C1.2"]
provider = "azure"
resource_type = "microsoft.compute/disks"
--- */
WITH disks AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.diskState', '') = 'Unattached' AS is_free
    FROM inventory.resources
    WHERE type = 'microsoft.compute/disks'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_free THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_free THEN 'attached to nothing'
        ELSE 'in use'
    END AS reason
FROM disks
ORDER BY resource_key;
