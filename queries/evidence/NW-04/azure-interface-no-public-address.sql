/* ---
title = "Network interface has no public address"
description = """
Machines are to sit behind load balancers and be administered through Bastion; a public address of their own is a way
around both.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/networkinterfaces"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(
            len(json_extract(config, '$.properties.ipConfigurations[*].properties.publicIPAddress.id')), 0
        ) AS addresses
    FROM inventory.resources
    WHERE type = 'microsoft.network/networkinterfaces'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN addresses > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        ELSE 'public addresses: ' || addresses
    END AS reason
FROM resources
ORDER BY resource_key;
