/* ---
title = "Application gateway filters web attacks"
description = """
A gateway without its firewall passes every request on. It needs the WAF tier with the firewall switched on, or a
firewall policy.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6", "A1.1"]
provider = "azure"
resource_type = "microsoft.network/applicationgateways"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.sku.tier' AS tier,
        config ->> '$.properties.webApplicationFirewallConfiguration.enabled' AS is_on,
        config ->> '$.properties.firewallPolicy.id' AS policy_id
    FROM inventory.resources
    WHERE type = 'microsoft.network/applicationgateways'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN tier LIKE 'WAF%' AND (policy_id IS NOT NULL OR is_on = 'true') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN tier LIKE 'WAF%' AND policy_id IS NOT NULL THEN 'firewall policy ' || split_part(policy_id, '/', -1)
        WHEN tier LIKE 'WAF%' AND is_on = 'true' THEN 'firewall is on'
        ELSE 'tier ' || coalesce(tier, 'not known') || ' without a firewall that is on'
    END AS reason
FROM resources
ORDER BY resource_key;
