/* ---
title = "Every host of the front door sits behind a firewall policy"
description = """
A host of a front door without a policy is a door without a guard. Front doors that are switched off are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6", "A1.1"]
provider = "azure"
resource_type = "microsoft.network/frontdoors"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.enabledState' AS state,
        json_extract(config, '$.properties.frontendEndpoints[*]') AS hosts
    FROM inventory.resources
    WHERE type = 'microsoft.network/frontdoors'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN state = 'Disabled' THEN 'not_applicable'
        WHEN coalesce(len(hosts), 0) = 0 THEN 'unknown'
        WHEN len(list_filter(
            hosts, lambda host: NOT json_exists(host, '$.properties.webApplicationFirewallPolicyLink.id')
        )) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN state = 'Disabled' THEN 'switched off'
        WHEN coalesce(len(hosts), 0) = 0 THEN 'its hosts are not known'
        ELSE 'hosts without a policy: ' || len(list_filter(
            hosts, lambda host: NOT json_exists(host, '$.properties.webApplicationFirewallPolicyLink.id')
        ))
    END AS reason
FROM resources
ORDER BY resource_key;
