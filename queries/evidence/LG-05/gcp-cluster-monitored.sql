/* ---
title = "Cluster reports how its nodes are doing"
description = """
Passes where the monitoring service is the one of Google Cloud; absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH settings AS (
    SELECT
        resource_key,
        starts_with(coalesce(config ->> '$.monitoringService', 'none'), 'monitoring.googleapis.com') AS is_on
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'monitoring on'
        ELSE 'monitoring off'
    END AS reason
FROM settings
ORDER BY resource_key;
