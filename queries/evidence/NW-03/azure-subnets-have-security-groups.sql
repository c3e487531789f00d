/* ---
title = "Every subnet of the network is under a security group"
description = """
A subnet without rules trusts all of its neighbours. Subnets that Azure keeps for gateways, firewalls and Bastion,
where no group may be set, and subnets delegated to a service are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "azure"
resource_type = "microsoft.network/virtualnetworks"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        list_transform(
            list_filter(
                json_extract(config, '$.properties.subnets[*]'),
                lambda subnet: NOT json_exists(subnet, '$.properties.networkSecurityGroup.id')
                    AND coalesce(len(json_extract(subnet, '$.properties.delegations[*]')), 0) = 0
                    AND (subnet ->> '$.name') NOT IN (
                        'GatewaySubnet',
                        'AzureFirewallSubnet',
                        'AzureFirewallManagementSubnet',
                        'AzureBastionSubnet',
                        'RouteServerSubnet'
                    )
            ),
            lambda subnet: subnet ->> '$.name'
        ) AS bare,
        coalesce(len(json_extract(config, '$.properties.subnets[*]')), 0) AS subnets
    FROM inventory.resources
    WHERE type = 'microsoft.network/virtualnetworks'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN subnets = 0 THEN 'not_applicable'
        WHEN len(bare) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN subnets = 0 THEN 'no subnets'
        WHEN len(bare) = 0 THEN 'subnets under a group: ' || subnets
        ELSE 'without a group: ' || array_to_string(bare, ', ')
    END AS reason
FROM resources
ORDER BY resource_key;
