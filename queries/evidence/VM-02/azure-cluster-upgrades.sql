/* ---
title = "Cluster takes up new versions by itself"
description = """
Looks at the upgrade channel. Absent means none.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.autoUpgradeProfile.upgradeChannel', 'none') AS channel
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN channel = 'none' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN channel = 'none' THEN 'no upgrade channel'
        ELSE 'channel ' || channel
    END AS reason
FROM clusters
ORDER BY resource_key;
