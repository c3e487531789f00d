/* ---
title = "API key is limited to named services"
description = """
An API key names nobody and can be read out of every page that uses it. What it may call has to be limited to named
services.
"""
tables = ["inventory.resources"]

[check]
control = "AC-08"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "apikeys.googleapis.com/Key"
--- */
WITH api_keys AS (
    SELECT
        resource_key,
        json_exists(config, '$.deleteTime') AS is_deleted,
        json_extract_string(config, '$.restrictions.apiTargets[*].service') AS services
    FROM inventory.resources
    WHERE type = 'apikeys.googleapis.com/Key'
)

SELECT
    resource_key,
    CASE WHEN is_deleted THEN 'not_applicable' WHEN len(services) > 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN is_deleted THEN 'deleted'
        WHEN len(services) > 0 THEN 'for ' || array_to_string(services, ', ')
        ELSE 'for every service'
    END AS reason
FROM api_keys
ORDER BY resource_key;
