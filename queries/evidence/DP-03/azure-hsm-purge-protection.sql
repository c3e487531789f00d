/* ---
title = "Managed HSM cannot be purged"
description = """
Purge protection keeps deleted keys for the whole retention time. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.keyvault/managedhsms"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.enablePurgeProtection', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.keyvault/managedhsms'
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
        WHEN is_on THEN 'purge protection on'
        ELSE 'purge protection off'
    END AS reason
FROM resources
ORDER BY resource_key;
