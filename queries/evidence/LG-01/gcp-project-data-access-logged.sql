/* ---
title = "Project records access to data"
description = """
Reads of data are recorded only where the policy asks for it. Passes where the project, or the organization, asks
for reads and writes of all services.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "gcp"
resource_type = "cloudresourcemanager.googleapis.com/Project"
--- */
WITH projects AS (
    SELECT
        resource_key,
        list_contains(unread, 'iamPolicy') AS is_unread,
        flatten([
            json_extract_string(audit, '$.auditLogConfigs[*].logType')
            for audit in json_extract(config, '$.iamPolicy.auditConfigs[*]')
            if (audit ->> '$.service') = 'allServices'
        ]) AS kinds,
        (
            SELECT coalesce(flatten(list(flatten([
                json_extract_string(audit, '$.auditLogConfigs[*].logType')
                for audit in json_extract(config, '$.iamPolicy.auditConfigs[*]')
                if (audit ->> '$.service') = 'allServices'
            ]))), [])
            FROM inventory.resources
            WHERE type = 'cloudresourcemanager.googleapis.com/Organization'
        ) AS organization_kinds
    FROM inventory.resources
    WHERE type = 'cloudresourcemanager.googleapis.com/Project'
)
SELECT
    resource_key,
    CASE
        WHEN list_has_all(organization_kinds, ['DATA_READ', 'DATA_WRITE']) THEN 'pass'
        WHEN is_unread THEN 'unknown'
        WHEN list_has_all(kinds, ['DATA_READ', 'DATA_WRITE']) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN list_has_all(organization_kinds, ['DATA_READ', 'DATA_WRITE']) THEN 'the organization asks for it'
        WHEN is_unread THEN 'the policy could not be read'
        WHEN list_has_all(kinds, ['DATA_READ', 'DATA_WRITE']) THEN 'the project asks for it'
        ELSE 'access to data is not recorded for all services'
    END AS reason
FROM projects
ORDER BY resource_key;
