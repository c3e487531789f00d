/* ---
title = "Role carries no AWS policy that spans all services"
description = """
PowerUserAccess and IAMFullAccess reach far past one task: the first everything but identities, the second everything
by way of identities. The list of policies is a parameter.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "broad_policies"
type = "text"
default = "PowerUserAccess,IAMFullAccess"
description = "Names of policies that are too broad, separated by commas."

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
        coalesce(list_contains(unread, 'AttachedManagedPolicies'), false)
            OR NOT json_exists(config, '$.AttachedManagedPolicies') AS is_unread,
        list_intersect(
            json_extract_string(config, '$.AttachedManagedPolicies[*].PolicyName'),
            string_split(coalesce(getvariable('broad_policies'), 'PowerUserAccess,IAMFullAccess'), ',')
        ) AS broad
    FROM inventory.resources
    WHERE type = 'AWS::IAM::Role'
)

SELECT
    resource_key,
    CASE
        WHEN path LIKE '/aws-service-role/%' THEN 'not_applicable'
        WHEN len(broad) > 0 THEN 'fail'
        WHEN is_unread THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN path LIKE '/aws-service-role/%' THEN 'role of an AWS service'
        WHEN len(broad) > 0 THEN 'attached: ' || array_to_string(list_sort(broad), ', ')
        WHEN is_unread THEN 'attached policies could not be read'
        ELSE 'no broad policy'
    END AS reason
FROM roles
ORDER BY resource_key;
