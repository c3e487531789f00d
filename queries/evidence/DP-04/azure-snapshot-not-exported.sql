/* ---
title = "Disk snapshot cannot be exported over the internet"
description = """
A signed link would let whoever holds it download the snapshot. A resource that states nothing can be exported.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "azure"
resource_type = "microsoft.compute/snapshots"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.networkAccessPolicy', 'AllowAll') AS policy,
        coalesce(config ->> '$.properties.publicNetworkAccess', 'Enabled') AS public_access
    FROM inventory.resources
    WHERE type = 'microsoft.compute/snapshots'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN policy IN ('DenyAll', 'AllowPrivate') THEN 'pass'
        WHEN public_access = 'Disabled' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN policy IN ('DenyAll', 'AllowPrivate') THEN 'export policy ' || policy
        WHEN public_access = 'Disabled' THEN 'public network access is off'
        ELSE 'can be exported over the internet'
    END AS reason
FROM resources
ORDER BY resource_key;
