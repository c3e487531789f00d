/* ---
title = "Build service is no owner or editor of the project"
description = """
A build runs code that many can change. Fails where the policy of the project gives the build service the role of
owner or editor.
"""
tables = ["inventory.resources"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
provider = "gcp"
resource_type = "cloudresourcemanager.googleapis.com/Project"
--- */
WITH projects AS (
    SELECT
        resource_key,
        list_contains(unread, 'iamPolicy') AS is_unread,
        list_filter(
            json_extract(config, '$.iamPolicy.bindings[*]'),
            lambda binding: (binding ->> '$.role') IN ('roles/owner', 'roles/editor')
                AND contains(binding ->> '$.members', '@cloudbuild.gserviceaccount.com')
        ) AS wide_roles
    FROM inventory.resources
    WHERE type = 'cloudresourcemanager.googleapis.com/Project'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(wide_roles) > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the policy could not be read'
        WHEN len(wide_roles) > 0 THEN 'the build service has ' || (wide_roles[1] ->> '$.role')
        ELSE 'neither owner nor editor'
    END AS reason
FROM projects
ORDER BY resource_key;
