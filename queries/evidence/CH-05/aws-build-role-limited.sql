/* ---
title = "Build has no role over everything"
description = """
A build runs code that many can change. Fails where its role has the managed policy for administrators.
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
        builds.resource_key,
        list_contains(builds.unread, 'BatchGetProjects')
           
            OR NOT json_exists(builds.config, '$.BatchGetProjects') AS is_unread,
        roles.config IS NOT NULL AS is_role_seen,
        list_contains(roles.unread, 'AttachedManagedPolicies')
           
            OR NOT json_exists(roles.config, '$.AttachedManagedPolicies') AS is_role_unread,
        list_contains(
            json_extract_string(roles.config, '$.AttachedManagedPolicies[*].PolicyName'),
            'AdministratorAccess'
        ) AS is_administrator
    FROM inventory.resources AS builds
    LEFT JOIN inventory.resources AS roles
        ON roles.type = 'AWS::IAM::Role'
        AND roles.resource_key = (builds.config ->> '$.BatchGetProjects.projects[0].serviceRole')
    WHERE builds.type = 'AWS::CodeBuild::Project'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN NOT is_role_seen THEN 'unknown'
        WHEN is_role_unread THEN 'unknown'
        WHEN is_administrator THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the project could not be read'
        WHEN NOT is_role_seen THEN 'the role is not in the inventory'
        WHEN is_role_unread THEN 'the policies of the role could not be read'
        WHEN is_administrator THEN 'the role is an administrator'
        ELSE 'the role is no administrator'
    END AS reason
FROM builds
ORDER BY resource_key;
