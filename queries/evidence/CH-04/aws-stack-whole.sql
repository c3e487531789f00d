/* ---
title = "Stack took its last change in full"
description = """
A stack whose last change failed is between two states. Changes under way are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-04"
criteria = ["CC8.1"]
provider = "aws"
resource_type = "AWS::CloudFormation::Stack"
--- */
WITH stacks AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.StackStatus', 'not stated') AS stack_status
    FROM inventory.resources
    WHERE type = 'AWS::CloudFormation::Stack'
)
SELECT
    resource_key,
    CASE
        WHEN ends_with(stack_status, '_IN_PROGRESS') THEN 'not_applicable'
        WHEN regexp_matches(stack_status, '^(CREATE|UPDATE|IMPORT|DELETE)_COMPLETE$') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN ends_with(stack_status, '_IN_PROGRESS') THEN 'a change is under way'
        WHEN regexp_matches(stack_status, '^(CREATE|UPDATE|IMPORT|DELETE)_COMPLETE$') THEN lower(stack_status)
        ELSE lower(stack_status)
    END AS reason
FROM stacks
ORDER BY resource_key;
