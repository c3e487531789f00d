/* ---
title = "Disk encryption set follows new key versions"
description = """
Disks take up a rotated key without anybody's help. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.compute/diskencryptionsets"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.rotationToLatestKeyVersionEnabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.compute/diskencryptionsets'
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
        WHEN is_on THEN 'follows new versions'
        ELSE 'stays at one version'
    END AS reason
FROM resources
ORDER BY resource_key;
