/* ---
title = "Configuration recorder takes all resource types"
description = """
Settings that nobody records cannot be compared with the baseline. Passes where all supported types are recorded.
"""
tables = ["inventory.resources"]

[check]
control = "MN-02"
criteria = ["CC4.1", "CC7.1"]
provider = "aws"
resource_type = "AWS::Config::ConfigurationRecorder"
--- */
WITH recorders AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.recordingGroup.allSupported', 'false') = 'true' AS takes_all,
        coalesce(config ->> '$.recordingGroup.recordingStrategy.useOnly', 'not stated') AS strategy
    FROM inventory.resources
    WHERE type = 'AWS::Config::ConfigurationRecorder'
)
SELECT
    resource_key,
    CASE
        WHEN takes_all THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN takes_all THEN 'all supported types'
        ELSE 'not all types, strategy ' || lower(strategy)
    END AS reason
FROM recorders
ORDER BY resource_key;
