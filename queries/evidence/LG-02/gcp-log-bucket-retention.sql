/* ---
title = "Log bucket keeps entries long enough"
description = """
An incident is often found months later. Passes with at least min_retention_days; without a stated time it is 30
days.
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
provider = "gcp"
resource_type = "logging.googleapis.com/LogBucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        coalesce(try_cast(config ->> '$.retentionDays' AS BIGINT), 30) AS retention_days,
        coalesce(getvariable('min_retention_days'), 365) AS limit_days
    FROM inventory.resources
    WHERE type = 'logging.googleapis.com/LogBucket'
)
SELECT
    resource_key,
    CASE
        WHEN retention_days >= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN retention_days >= limit_days THEN 'kept for ' || retention_days || ' days'
        ELSE 'kept for ' || retention_days || ' days only'
    END AS reason
FROM buckets
ORDER BY resource_key;
