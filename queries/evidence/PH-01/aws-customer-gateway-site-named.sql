/* ---
title = "Far end of a site-to-site VPN says where it is"
description = """
The device at the far end of a tunnel stands in an office or a data centre whose doors matter as much as the tunnel. The
tag site_tag names the place. Gateways that are deleted are left out.
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
provider = "aws"
resource_type = "AWS::EC2::CustomerGateway"
--- */
WITH lines AS (
    SELECT
        resource_key,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        coalesce(config ->> '$.State', 'unknown') AS gateway_state,
        coalesce(config ->> '$.IpAddress', 'unknown') AS address
    FROM inventory.resources
    WHERE type = 'AWS::EC2::CustomerGateway'
)
SELECT
    resource_key,
    CASE
        WHEN gateway_state IN ('deleted', 'deleting') THEN 'not_applicable'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN gateway_state IN ('deleted', 'deleting') THEN 'the gateway is ' || gateway_state
        WHEN site IS NOT NULL THEN 'our end is at ' || site
        ELSE 'nobody says where our end is; its address is ' || address
    END AS reason
FROM lines
ORDER BY resource_key;
