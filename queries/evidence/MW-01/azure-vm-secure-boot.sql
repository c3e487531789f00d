/* ---
title = "Virtual machine starts signed software only"
description = """
Secure boot keeps hostile software out of the start. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "MW-01"
criteria = ["CC6.8"]
provider = "azure"
resource_type = "microsoft.compute/virtualmachines"
--- */
WITH machines AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.securityProfile.uefiSettings.secureBootEnabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.compute/virtualmachines'
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
        WHEN is_on THEN 'secure boot on'
        ELSE 'secure boot off'
    END AS reason
FROM machines
ORDER BY resource_key;
