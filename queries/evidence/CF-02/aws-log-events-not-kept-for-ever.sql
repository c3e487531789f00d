/* ---
title = "Log group lets its events go"
description = """
CloudWatch keeps events for ever unless a retention is set; the API leaves the member out then. Logs hold personal and
confidential data like any store.
"""
tables = ["inventory.resources"]

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "aws"
resource_type = "AWS::Logs::LogGroup"
--- */
WITH log_groups AS (
    SELECT
        resource_key,
        CAST(config ->> '$.retentionInDays' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'AWS::Logs::LogGroup'
)
SELECT
    resource_key,
    CASE
        WHEN days IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN days IS NULL THEN 'kept for ever'
        ELSE 'kept for ' || days || ' days'
    END AS reason
FROM log_groups
ORDER BY resource_key;
