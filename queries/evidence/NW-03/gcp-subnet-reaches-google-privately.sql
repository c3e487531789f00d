/* ---
title = "Subnet reaches Google's services without the internet"
description = """
Without private access machines need public addresses, or a way out, only to reach storage and logs.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Subnetwork"
--- */
WITH subnets AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.purpose', 'PRIVATE') AS purpose,
        coalesce(config ->> '$.privateIpGoogleAccess', 'false') AS is_private
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Subnetwork'
)

SELECT
    resource_key,
    CASE WHEN purpose <> 'PRIVATE' THEN 'not_applicable' WHEN is_private = 'true' THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN purpose <> 'PRIVATE' THEN 'purpose: ' || purpose
        WHEN is_private = 'true' THEN 'private access is on'
        ELSE 'private access is off'
    END AS reason
FROM subnets
ORDER BY resource_key;
