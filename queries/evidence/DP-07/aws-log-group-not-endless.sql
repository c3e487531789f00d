/* ---
title = "Log group deletes old entries"
description = """
Logs pick up personal data and keep it for ever unless a time is set.
"""
tables = ["inventory.resources"]

[check]
control = ["DP-07", "CF-02"]
criteria = ["CC6.5", "C1.2", "P4.2", "P4.3"]
provider = "aws"
resource_type = "AWS::Logs::LogGroup"
--- */
WITH groups AS (
    SELECT
        resource_key,
        try_cast(config ->> '$.retentionInDays' AS BIGINT) AS retention_days
    FROM inventory.resources
    WHERE type = 'AWS::Logs::LogGroup'
)
SELECT
    resource_key,
    CASE
        WHEN retention_days IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN retention_days IS NULL THEN 'kept for ever'
        ELSE 'deleted after ' || retention_days || ' days'
    END AS reason
FROM groups
ORDER BY resource_key;
