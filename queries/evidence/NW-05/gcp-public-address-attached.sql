/* ---
title = "Public address is attached to something"
description = """
An address that belongs to nothing is forgotten, with the names and the allow-lists that still point to it. Internal
addresses are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Address"
--- */
WITH addresses AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.address', 'address') AS address,
        coalesce(config ->> '$.addressType', 'EXTERNAL') AS address_type,
        config ->> '$.status' AS state
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Address'
)

SELECT
    resource_key,
    CASE
        WHEN address_type <> 'EXTERNAL' THEN 'not_applicable'
        WHEN state = 'IN_USE' THEN 'pass'
        WHEN state IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN address_type <> 'EXTERNAL' THEN 'internal address'
        WHEN state IS NULL THEN address || ': its use is not known'
        ELSE address || ' is ' || lower(replace(state, '_', ' '))
    END AS reason
FROM addresses
ORDER BY resource_key;
