/* ---
title = "Recorder records every supported type"
description = """
An inventory with types left out is not one that can be relied on. The recorder has to take all supported types, or
all but a named few.
"""
tables = ["inventory.resources"]

[check]
control = "CM-01"
criteria = ["CC2.1", "CC6.1"]
provider = "aws"
resource_type = "AWS::Config::ConfigurationRecorder"
--- */
WITH recorders AS (
    SELECT
        resource_key,
        config ->> '$.recordingGroup.allSupported' AS records_all,
        config ->> '$.recordingGroup.recordingStrategy.useOnly' AS strategy
    FROM inventory.resources
    WHERE type = 'AWS::Config::ConfigurationRecorder'
)

SELECT
    resource_key,
    CASE
        WHEN records_all = 'true' OR strategy = 'EXCLUSION_BY_RESOURCE_TYPES' THEN 'pass'
        WHEN records_all IS NULL AND strategy IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN records_all = 'true' THEN 'all supported types'
        WHEN strategy = 'EXCLUSION_BY_RESOURCE_TYPES' THEN 'all types but those named'
        WHEN records_all IS NULL AND strategy IS NULL THEN 'what it records is not known'
        ELSE 'chosen types only'
    END AS reason
FROM recorders
ORDER BY resource_key;
