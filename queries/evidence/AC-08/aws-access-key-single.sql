/* ---
title = "User has at most one active access key"
description = """
Two active keys are needed for the hours of a rotation only. A second one that stays is a key that nobody watches.
"""
tables = ["inventory.resources"]

[check]
control = "AC-08"
criteria = ["CC6.1", "CC6.2"]
provider = "aws"
resource_type = "AWS::IAM::User"
--- */
WITH users AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'ListAccessKeys'), false)
            OR NOT json_exists(config, '$.ListAccessKeys') AS is_unread,
        list_filter(
            json_extract(config, '$.ListAccessKeys.AccessKeyMetadata[*]'),
            lambda access_key: (access_key ->> '$.Status') = 'Active'
        ) AS keys
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE WHEN is_unread THEN 'unknown' WHEN len(keys) <= 1 THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN is_unread THEN 'access keys could not be read' ELSE 'active access keys: ' || len(keys) END AS reason
FROM users
ORDER BY resource_key;
