/* ---
title = "Peerings of the network lead to subscriptions of ours only"
description = """
A peering opens routes both ways. One with a subscription that the inventory does not hold as ours makes its network
part of our segment.
"""
tables = ["inventory.resources", "inventory.scopes"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "azure"
resource_type = "microsoft.network/virtualnetworks"
--- */
WITH ours AS (
    SELECT coalesce(list(lower(scope_id)), []) AS subscriptions
    FROM inventory.scopes
    WHERE provider = 'azure' AND kind = 'subscription'
),

networks AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        list_transform(
            json_extract_string(
                config, '$.properties.virtualNetworkPeerings[*].properties.remoteVirtualNetwork.id'
            ),
            lambda remote: split_part(lower(remote), '/', 3)
        ) AS remotes,
        ours.subscriptions
    FROM inventory.resources
    CROSS JOIN ours
    WHERE type = 'microsoft.network/virtualnetworks'
),

judged AS (
    SELECT
        resource_key,
        is_unread,
        len(remotes) AS peerings,
        list_filter(remotes, lambda remote: NOT list_contains(subscriptions, remote)) AS outsiders
    FROM networks
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN coalesce(peerings, 0) = 0 THEN 'not_applicable'
        WHEN len(outsiders) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its peerings could not be read'
        WHEN coalesce(peerings, 0) = 0 THEN 'no peerings'
        WHEN len(outsiders) = 0 THEN 'peerings inside the estate: ' || peerings
        ELSE 'outside subscription ' || array_to_string(list_distinct(outsiders), ', ')
    END AS reason
FROM judged
ORDER BY resource_key;
