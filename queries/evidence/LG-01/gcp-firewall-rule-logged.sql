/* ---
title = "Firewall rule records what it does"
description = """
Looks at the log setting of each rule. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/Firewall"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.logConfig.enable', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Firewall'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'log on'
        ELSE 'log off'
    END AS reason
FROM settings
ORDER BY resource_key;
