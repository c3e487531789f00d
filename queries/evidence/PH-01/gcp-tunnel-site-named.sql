/* ---
title = "Far end of a tunnel says where it is"
description = """
The device at the far end of a tunnel stands in an office or a data centre whose doors matter as much as the tunnel. The
label site_tag names the place. Tunnels between gateways of Google Cloud are left out.
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
provider = "gcp"
resource_type = "compute.googleapis.com/VpnTunnel"
--- */
WITH lines AS (
    SELECT
        resource_key,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        config ->> '$.peerGcpGateway' AS google_gateway,
        coalesce(config ->> '$.peerIp', 'unknown') AS address
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/VpnTunnel'
)
SELECT
    resource_key,
    CASE
        WHEN google_gateway IS NOT NULL THEN 'not_applicable'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN google_gateway IS NOT NULL THEN 'it leads to a gateway of Google Cloud'
        WHEN site IS NOT NULL THEN 'our end is at ' || site
        ELSE 'nobody says where our end is; its address is ' || address
    END AS reason
FROM lines
ORDER BY resource_key;
