/* ---
title = "Log workspace deletes old entries"
description = """
Logs pick up personal data. Passes where entries are kept for at most max_retention_days.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "max_retention_days"
type = "integer"
default = 730
description = "The longest time that entries are kept, in days."

[check]
control = ["DP-07", "CF-02"]
criteria = ["CC6.5", "C1.2", "P4.2", "P4.3"]
provider = "azure"
resource_type = "microsoft.operationalinsights/workspaces"
--- */
WITH workspaces AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        try_cast(config ->> '$.properties.retentionInDays' AS BIGINT) AS retention_days,
        coalesce(getvariable('max_retention_days'), 730) AS limit_days
    FROM inventory.resources
    WHERE type = 'microsoft.operationalinsights/workspaces'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN retention_days IS NULL THEN 'unknown'
        WHEN retention_days <= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN retention_days IS NULL THEN 'no retention is stated'
        WHEN retention_days <= limit_days THEN 'deleted after ' || retention_days || ' days'
        ELSE 'kept for ' || retention_days || ' days'
    END AS reason
FROM workspaces
ORDER BY resource_key;
