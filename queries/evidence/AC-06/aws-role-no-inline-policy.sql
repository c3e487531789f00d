/* ---
title = "Rights of the role come from managed policies"
description = """
Inline policies live in one role only: they escape a review of policies and are not counted anywhere. Roles of AWS
services and of Identity Center are left out.
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
        coalesce(list_contains(unread, 'RolePolicyList'), false)
            OR NOT json_exists(config, '$.RolePolicyList') AS is_unread,
        json_extract_string(config, '$.RolePolicyList[*].PolicyName') AS inline_policies
    FROM inventory.resources
    WHERE type = 'AWS::IAM::Role'
)

SELECT
    resource_key,
    CASE
        WHEN path LIKE '/aws-service-role/%' OR path LIKE '/aws-reserved/%' THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN len(inline_policies) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN path LIKE '/aws-service-role/%' THEN 'role of an AWS service'
        WHEN path LIKE '/aws-reserved/%' THEN 'made by Identity Center'
        WHEN is_unread THEN 'inline policies could not be read'
        WHEN len(inline_policies) = 0 THEN 'no inline policy'
        ELSE 'inline: ' || array_to_string(inline_policies, ', ')
    END AS reason
FROM roles
ORDER BY resource_key;
