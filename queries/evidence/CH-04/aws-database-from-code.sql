/* ---
title = "Database comes from code"
description = """
Resources that code made carry its tag; those without were likely made by hand. Compares the keys of tags or labels
with managed_tags, without regard to case.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "managed_tags"
type = "text"
default = "^(aws:cloudformation:stack-name|goog-terraform-provisioned|managed[-_]?by|iac|terraform.*|pulumi.*)$"
description = "A regular expression that the keys of tags match which show that code made a resource."

[check]
control = "CH-04"
criteria = ["CC8.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH made AS (
    SELECT
        resource_key,
        coalesce(
            getvariable('managed_tags'),
            '^(aws:cloudformation:stack-name|goog-terraform-provisioned|managed[-_]?by|iac|terraform.*|pulumi.*)$'
        ) AS pattern,
        list_filter(
            json_keys(coalesce(tags, '{}'::JSON)), lambda tag: regexp_matches(lower(tag), pattern)
        ) AS marks
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN len(marks) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(marks) > 0 THEN 'tagged ' || marks[1]
        ELSE 'no tag of a template or tool'
    END AS reason
FROM made
ORDER BY resource_key;
