/* ---
title = "Machine has no public address"
description = """
Machines are to sit behind load balancers and be administered through Identity-Aware Proxy; a public address of their
own is a way around both.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Instance"
--- */
WITH machines AS (
    SELECT
        resource_key,
        coalesce(len(json_extract(config, '$.networkInterfaces[*].accessConfigs[*]')), 0)
            + coalesce(len(json_extract(config, '$.networkInterfaces[*].ipv6AccessConfigs[*]')), 0) AS addresses,
        json_exists(config, '$.networkInterfaces') AS is_known
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Instance'
)

SELECT
    resource_key,
    CASE WHEN addresses > 0 THEN 'fail' WHEN is_known THEN 'pass' ELSE 'unknown' END AS status,
    CASE
        WHEN addresses > 0 THEN 'public addresses: ' || addresses
        WHEN is_known THEN 'private addresses only'
        ELSE 'its interfaces are not known'
    END AS reason
FROM machines
ORDER BY resource_key;
