/* ---
title = "Network was made on purpose"
description = """
The network named default comes with rules that let remote shells in from everywhere; networks in automatic mode get a
subnet in every region.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Network"
--- */
WITH networks AS (
    SELECT
        resource_key,
        config ->> '$.name' AS network_name,
        coalesce(config ->> '$.autoCreateSubnetworks', 'false') = 'true' AS is_automatic,
        json_exists(config, '$.IPv4Range') AS is_legacy
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Network'
)

SELECT
    resource_key,
    CASE WHEN network_name = 'default' OR is_automatic OR is_legacy THEN 'fail' ELSE 'pass' END AS status,
    CASE
        WHEN network_name = 'default' THEN 'the default network'
        WHEN is_legacy THEN 'a legacy network'
        WHEN is_automatic THEN 'makes a subnet in every region'
        ELSE 'subnets are made by hand'
    END AS reason
FROM networks
ORDER BY resource_key;
