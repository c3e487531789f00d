/* ---
title = "Cluster reports how its nodes are doing"
description = """
Looks at the monitoring add-on; absent means off. Monitoring with other means is not seen.
"""
tables = ["inventory.resources"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.addonProfiles.omsagent.enabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
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
        WHEN is_on THEN 'monitoring add-on on'
        ELSE 'monitoring add-on off'
    END AS reason
FROM resources
ORDER BY resource_key;
