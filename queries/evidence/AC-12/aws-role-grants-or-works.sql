/* ---
title = "Role either hands out rights or works with them"
description = """
A role that may change identities and also has full access to a service can give itself whatever it likes and use it.
IAMFullAccess beside another policy of full access, or AdministratorAccess, is both duties in one hand.
"""
tables = ["inventory.resources"]

[check]
control = "AC-12"
criteria = ["CC6.3", "CC8.1"]
provider = "aws"
resource_type = "AWS::IAM::Role"
--- */
WITH roles AS (
    SELECT
        resource_key,
        config ->> '$.Path' AS path,
        coalesce(list_contains(unread, 'AttachedManagedPolicies'), false)
            OR NOT json_exists(config, '$.AttachedManagedPolicies') AS is_unread,
        json_extract_string(config, '$.AttachedManagedPolicies[*].PolicyName') AS policies
    FROM inventory.resources
    WHERE type = 'AWS::IAM::Role'
),

duties AS (
    SELECT
        resource_key,
        path,
        is_unread,
        list_has_any(policies, ['IAMFullAccess', 'AdministratorAccess']) AS grants,
        list_filter(
            policies,
            lambda policy: policy IN ('AdministratorAccess', 'PowerUserAccess')
                OR (policy LIKE '%FullAccess' AND policy <> 'IAMFullAccess')
        ) AS works
    FROM roles
)

SELECT
    resource_key,
    CASE
        WHEN path LIKE '/aws-service-role/%' THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN grants AND len(works) > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN path LIKE '/aws-service-role/%' THEN 'role of an AWS service'
        WHEN is_unread THEN 'attached policies could not be read'
        WHEN grants AND len(works) > 0 THEN 'may change identities and has ' || array_to_string(works, ', ')
        WHEN grants THEN 'changes identities only'
        ELSE 'changes no identities'
    END AS reason
FROM duties
ORDER BY resource_key;
