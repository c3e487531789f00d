/* ---
title = "Virtual machine encrypts temporary disks and caches"
description = """
Temporary disks and caches lie on the host and are not covered by disk encryption. Looks at encryption at host;
absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "azure"
resource_type = "microsoft.compute/virtualmachines"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.securityProfile.encryptionAtHost', 'false') = 'true' AS is_on
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
        WHEN is_on THEN 'encryption at host'
        ELSE 'no encryption at host'
    END AS reason
FROM resources
ORDER BY resource_key;
