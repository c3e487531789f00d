/* ---
title = "Virtual machine is built with trusted launch"
description = """
The start of the machine is measured and can be proven.
"""
tables = ["inventory.resources"]

[check]
control = "VM-03"
criteria = ["CC7.1", "CC5.2"]
provider = "azure"
resource_type = "microsoft.compute/virtualmachines"
--- */
WITH machines AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.securityProfile.securityType', 'Standard') AS security_type
    FROM inventory.resources
    WHERE type = 'microsoft.compute/virtualmachines'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN security_type = 'Standard' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN security_type = 'Standard' THEN 'standard security type'
        ELSE security_type
    END AS reason
FROM machines
ORDER BY resource_key;
