/* ---
title = "Log group keeps entries long enough"
description = """
An incident is often found months later. Passes with at least min_retention_days, and where entries are kept for
ever.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_retention_days"
type = "integer"
default = 365
description = "The shortest time that entries are kept, in days."

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::Logs::LogGroup"
--- */
WITH groups AS (
    SELECT
        resource_key,
        try_cast(config ->> '$.retentionInDays' AS BIGINT) AS retention_days,
        coalesce(getvariable('min_retention_days'), 365) AS limit_days
    FROM inventory.resources
    WHERE type = 'AWS::Logs::LogGroup'
)
SELECT
    resource_key,
    CASE
        WHEN retention_days IS NULL THEN 'pass'
        WHEN retention_days >= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN retention_days IS NULL THEN 'kept for ever'
        WHEN retention_days >= limit_days THEN 'kept for ' || retention_days || ' days'
        ELSE 'kept for ' || retention_days || ' days only'
    END AS reason
FROM groups
ORDER BY resource_key;
