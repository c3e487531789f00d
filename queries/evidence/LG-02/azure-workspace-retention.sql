/* ---
title = "Log workspace keeps entries long enough"
description = """
An incident is often found months later. Passes with at least min_retention_days.
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
provider = "azure"
resource_type = "microsoft.operationalinsights/workspaces"
--- */
WITH workspaces AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        try_cast(config ->> '$.properties.retentionInDays' AS BIGINT) AS retention_days,
        coalesce(getvariable('min_retention_days'), 365) AS limit_days
    FROM inventory.resources
    WHERE type = 'microsoft.operationalinsights/workspaces'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN retention_days IS NULL THEN 'unknown'
        WHEN retention_days >= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN retention_days IS NULL THEN 'no retention is stated'
        WHEN retention_days >= limit_days THEN 'kept for ' || retention_days || ' days'
        ELSE 'kept for ' || retention_days || ' days only'
    END AS reason
FROM workspaces
ORDER BY resource_key;
