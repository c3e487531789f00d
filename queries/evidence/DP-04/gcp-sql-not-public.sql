/* ---
title = "Database instance is closed to the internet"
description = """
Passes without a public address, and with one where no authorized network is 0.0.0.0/0.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.settings.ipConfiguration.ipv4Enabled', 'false') = 'true' AS has_public_address,
        len(list_filter(
            json_extract_string(config, '$.settings.ipConfiguration.authorizedNetworks[*].value'),
            lambda network: ends_with(network, '/0')
        )) AS open_networks
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN NOT has_public_address THEN 'pass'
        WHEN open_networks > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN NOT has_public_address THEN 'private address only'
        WHEN open_networks > 0 THEN 'every address is authorized'
        ELSE 'public address, chosen networks only'
    END AS reason
FROM instances
ORDER BY resource_key;
