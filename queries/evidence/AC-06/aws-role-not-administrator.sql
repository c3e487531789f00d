/* ---
title = "Role has no rights over everything"
description = """
Workload roles with AdministratorAccess, attached or as an inline policy of that name, turn every flaw of a workload
into one of the account. Roles that Identity Center makes for people are left out: their permission sets are judged
there.
"""
tables = ["inventory.resources"]

[check]
control = "AC-06"
criteria = ["CC6.3"]
provider = "aws"
resource_type = "AWS::IAM::Role"
--- */
WITH roles AS (
    SELECT
        resource_key,
        config ->> '$.Path' AS path,
        coalesce(list_has_any(unread, ['AttachedManagedPolicies', 'RolePolicyList']), false)
            OR NOT json_exists(config, '$.AttachedManagedPolicies')
            OR NOT json_exists(config, '$.RolePolicyList') AS is_unread,
        list_contains(
            json_extract_string(config, '$.AttachedManagedPolicies[*].PolicyName'),
            'AdministratorAccess'
        ) AS is_attached,
        list_contains(
            json_extract_string(config, '$.RolePolicyList[*].PolicyName'), 'AdministratorAccess'
        ) AS is_inline
    FROM inventory.resources
    WHERE type = 'AWS::IAM::Role'
)

SELECT
    resource_key,
    CASE
        WHEN path LIKE '/aws-service-role/%' OR path LIKE '/aws-reserved/%' THEN 'not_applicable'
        WHEN coalesce(is_attached, false) OR coalesce(is_inline, false) THEN 'fail'
        WHEN is_unread THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN path LIKE '/aws-service-role/%' THEN 'role of an AWS service'
        WHEN path LIKE '/aws-reserved/%' THEN 'made by Identity Center'
        WHEN coalesce(is_attached, false) THEN 'AdministratorAccess is attached'
        WHEN coalesce(is_inline, false) THEN 'inline policy AdministratorAccess'
        WHEN is_unread THEN 'policies could not be read'
        ELSE 'no administrator policy'
    END AS reason
FROM roles
ORDER BY resource_key;
