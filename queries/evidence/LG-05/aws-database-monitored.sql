/* ---
title = "Database reports how its machine is doing"
description = """
Memory, processes and disks of the database machine are measured. Passes with enhanced monitoring at any interval.
"""
tables = ["inventory.resources"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        resource_key,
        coalesce(try_cast(config ->> '$.MonitoringInterval' AS BIGINT), 0) AS interval_seconds
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN interval_seconds > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN interval_seconds > 0 THEN 'measured every ' || interval_seconds || ' seconds'
        ELSE 'enhanced monitoring off'
    END AS reason
FROM databases
ORDER BY resource_key;
