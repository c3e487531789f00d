/* ---
title = "Cluster sends its logs"
description = """
Passes where the logging service is the one of Google Cloud; absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH settings AS (
    SELECT
        resource_key,
        starts_with(coalesce(config ->> '$.loggingService', 'none'), 'logging.googleapis.com') AS is_on
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
        WHEN is_on THEN 'logs are sent'
        ELSE 'logs are not sent'
    END AS reason
FROM settings
ORDER BY resource_key;
