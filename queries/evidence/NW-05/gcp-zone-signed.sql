/* ---
title = "Public zone is signed"
description = """
Without signatures (DNSSEC) whoever sits on the way can answer for our names. Private zones are left out; Cloud DNS
leaves the setting out where it was never switched on.
"""
tables = ["inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6", "CC6.7"]
provider = "gcp"
resource_type = "dns.googleapis.com/ManagedZone"
--- */
WITH zones AS (
    SELECT
        resource_key,
        lower(coalesce(config ->> '$.visibility', 'public')) AS visibility,
        lower(coalesce(config ->> '$.dnssecConfig.state', 'off')) AS signing
    FROM inventory.resources
    WHERE type = 'dns.googleapis.com/ManagedZone'
)

SELECT
    resource_key,
    CASE WHEN visibility = 'private' THEN 'not_applicable' WHEN signing = 'on' THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN visibility = 'private' THEN 'private zone' ELSE 'signing is ' || signing END AS reason
FROM zones
ORDER BY resource_key;
