/* ---
title = "Far end of a tunnel says where it is"
description = """
The device at the far end of a tunnel stands in an office or a data centre whose doors matter as much as the tunnel. The
tag site_tag names the place. Gateways that are being deleted are left out.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "site_tag"
type = "text"
default = "site"
description = "The tag or label that names the place at our end."

[check]
control = "PH-01"
criteria = ["CC6.4"]
provider = "azure"
resource_type = "microsoft.network/localnetworkgateways"
--- */
WITH lines AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') OR NOT json_exists(config, '$.properties') AS is_unread,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        coalesce(config ->> '$.properties.provisioningState', 'unknown') AS gateway_state,
        coalesce(
            config ->> '$.properties.gatewayIpAddress', config ->> '$.properties.fqdn', 'unknown'
        ) AS address
    FROM inventory.resources
    WHERE type = 'microsoft.network/localnetworkgateways'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN gateway_state = 'Deleting' THEN 'not_applicable'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its properties could not be read'
        WHEN gateway_state = 'Deleting' THEN 'the gateway is being deleted'
        WHEN site IS NOT NULL THEN 'our end is at ' || site
        ELSE 'nobody says where our end is; its address is ' || address
    END AS reason
FROM lines
ORDER BY resource_key;
