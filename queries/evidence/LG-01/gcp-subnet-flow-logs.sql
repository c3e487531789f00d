/* ---
title = "Network segment records its traffic"
description = """
Flow logs tell who talked to whom. Absent means off; segments that only proxies use are counted too.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/Subnetwork"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.logConfig.enable', config ->> '$.enableFlowLogs', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Subnetwork'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'flow logs on'
        ELSE 'flow logs off'
    END AS reason
FROM settings
ORDER BY resource_key;
