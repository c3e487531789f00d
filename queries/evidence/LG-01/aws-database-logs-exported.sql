/* ---
title = "Database hands its logs over"
description = """
Logs that stay on the database are lost with it. Passes where at least one log type is exported.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        resource_key,
        json_extract_string(config, '$.EnabledCloudwatchLogsExports[*]') AS exports
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN len(exports) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(exports) > 0 THEN 'exports ' || array_to_string(exports, ', ')
        ELSE 'no log is exported'
    END AS reason
FROM databases
ORDER BY resource_key;
