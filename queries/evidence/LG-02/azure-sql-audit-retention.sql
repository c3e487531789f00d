/* ---
title = "SQL server keeps audit files long enough"
description = """
Passes with at least min_retention_days, or without an end (0); servers that audit to a workspace follow the
workspace, those that are not audited are left out.
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
resource_type = "microsoft.sql/servers"
--- */
WITH servers AS (
    SELECT
        resource_key,
        list_contains(unread, 'auditingSettings') OR NOT json_exists(config, '$.auditingSettings') AS is_unread,
        (config ->> '$.auditingSettings.properties.state') = 'Enabled' AS is_audited,
        coalesce(config ->> '$.auditingSettings.properties.storageEndpoint', '') <> '' AS has_storage,
        coalesce(try_cast(config ->> '$.auditingSettings.properties.retentionDays' AS BIGINT), 0) AS retention_days,
        coalesce(getvariable('min_retention_days'), 365) AS limit_days
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_audited IS NOT TRUE THEN 'not_applicable'
        WHEN NOT has_storage THEN 'not_applicable'
        WHEN retention_days = 0 THEN 'pass'
        WHEN retention_days >= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the auditing could not be read'
        WHEN is_audited IS NOT TRUE THEN 'not audited'
        WHEN NOT has_storage THEN 'audit records go to a workspace'
        WHEN retention_days = 0 THEN 'kept without an end'
        WHEN retention_days >= limit_days THEN 'kept for ' || retention_days || ' days'
        ELSE 'kept for ' || retention_days || ' days only'
    END AS reason
FROM servers
ORDER BY resource_key;
