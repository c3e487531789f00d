/* ---
title = "Network peering joins accounts of ours only"
description = """
A peering opens routes both ways. One with an account that the inventory does not hold as ours makes their network
part of our segment.
"""
tables = ["inventory.resources", "inventory.scopes"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::VPCPeeringConnection"
--- */
WITH ours AS (
    SELECT coalesce(list(scope_id), []) AS accounts
    FROM inventory.scopes
    WHERE provider = 'aws' AND kind = 'account'
),

peerings AS (
    SELECT
        resource_key,
        config ->> '$.Status.Code' AS state,
        list_filter(
            [config ->> '$.AccepterVpcInfo.OwnerId', config ->> '$.RequesterVpcInfo.OwnerId'],
            lambda account: account <> '' AND NOT list_contains(ours.accounts, account)
        ) AS outsiders
    FROM inventory.resources
    CROSS JOIN ours
    WHERE type = 'AWS::EC2::VPCPeeringConnection'
)

SELECT
    resource_key,
    CASE WHEN state <> 'active' THEN 'not_applicable' WHEN len(outsiders) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN state <> 'active' THEN 'peering is ' || state
        WHEN len(outsiders) = 0 THEN 'both ends are ours'
        ELSE 'outside account ' || array_to_string(outsiders, ', ')
    END AS reason
FROM peerings
ORDER BY resource_key;
