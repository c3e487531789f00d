/* ---
title = "Log workspace keeps logs no longer than needed"
description = """
Logs hold personal and confidential data like any store. A workspace may keep them for max_days (730) at most.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "max_days"
type = "integer"
default = 730
description = "The most days that logs are kept."

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "azure"
resource_type = "microsoft.operationalinsights/workspaces"
--- */
WITH workspaces AS (
    SELECT
        resource_key,
        CAST(config ->> '$.properties.retentionInDays' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'microsoft.operationalinsights/workspaces'
)
SELECT
    resource_key,
    CASE
        WHEN days IS NULL OR days < 0 THEN 'unknown'
        WHEN days <= coalesce(getvariable('max_days'), 730) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN days IS NULL OR days < 0 THEN 'the retention is not in the answer'
        WHEN days <= coalesce(getvariable('max_days'), 730) THEN 'kept for ' || days || ' days'
        ELSE 'kept for ' || days || ' days'
    END AS reason
FROM workspaces
ORDER BY resource_key;
