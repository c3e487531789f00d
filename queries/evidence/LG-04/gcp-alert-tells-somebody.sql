/* ---
title = "Alert tells somebody"
description = """
An alert without a channel reaches nobody. Passes where the policy is enabled and names a channel.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "gcp"
resource_type = "monitoring.googleapis.com/AlertPolicy"
--- */
WITH policies AS (
    SELECT
        resource_key,
        (config ->> '$.enabled') = 'false' AS is_off,
        len(json_extract(config, '$.notificationChannels[*]')) AS channels
    FROM inventory.resources
    WHERE type = 'monitoring.googleapis.com/AlertPolicy'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'fail'
        WHEN channels = 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        WHEN channels = 0 THEN 'no channel'
        ELSE channels || ' channels'
    END AS reason
FROM policies
ORDER BY resource_key;
