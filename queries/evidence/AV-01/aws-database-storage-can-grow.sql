/* ---
title = "Database storage can grow by itself"
description = """
A full disk stops a database. Storage autoscaling is on when a greatest size above the present one is set; Aurora
grows by nature.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        resource_key,
        config ->> '$.Engine' LIKE 'aurora%' AS is_aurora,
        CAST(config ->> '$.AllocatedStorage' AS BIGINT) AS gigabytes,
        CAST(config ->> '$.MaxAllocatedStorage' AS BIGINT) AS max_gigabytes
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN is_aurora THEN 'not_applicable'
        WHEN gigabytes IS NULL THEN 'unknown'
        WHEN max_gigabytes > gigabytes THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_aurora THEN 'Aurora storage grows by itself'
        WHEN gigabytes IS NULL THEN 'the size is not in the answer'
        WHEN max_gigabytes > gigabytes THEN 'grows from ' || gigabytes || ' to ' || max_gigabytes || ' GiB'
        ELSE 'fixed at ' || gigabytes || ' GiB'
    END AS reason
FROM databases
ORDER BY resource_key;
