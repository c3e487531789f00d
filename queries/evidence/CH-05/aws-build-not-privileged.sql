/* ---
title = "Build has no rights over its machine"
description = """
Privileged builds can reach past their container; only builds that make images need it.
"""
tables = ["inventory.resources"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::CodeBuild::Project"
--- */
WITH builds AS (
    SELECT
        resource_key,
        list_contains(unread, 'BatchGetProjects') OR NOT json_exists(config, '$.BatchGetProjects') AS is_unread,
        (config ->> '$.BatchGetProjects.projects[0].environment.privilegedMode') = 'true' AS is_privileged
    FROM inventory.resources
    WHERE type = 'AWS::CodeBuild::Project'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_privileged THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the project could not be read'
        WHEN is_privileged THEN 'privileged'
        ELSE 'not privileged'
    END AS reason
FROM builds
ORDER BY resource_key;
