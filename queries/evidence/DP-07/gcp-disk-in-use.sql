/* ---
title = "Disk is in use"
description = """
Disks that nothing uses hold data that nobody watches or deletes. Looks at the time of the last detachment: a disk
that was detached and has no users is free.
"""
tables = ["inventory.resources"]

[check]
control = "DP-07"
criteria = ["CC6.5", "C1.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/Disk"
--- */
WITH disks AS (
    SELECT
        resource_key,
        json_exists(config, '$.lastDetachTimestamp')
            AND len(json_extract(config, '$.users[*]')) = 0 AS is_free
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Disk'
)
SELECT
    resource_key,
    CASE
        WHEN is_free THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_free THEN 'attached to nothing'
        ELSE 'in use'
    END AS reason
FROM disks
ORDER BY resource_key;
