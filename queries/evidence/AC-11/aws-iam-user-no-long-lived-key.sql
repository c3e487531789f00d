/* ---
title = "IAM user has no active access key"
description = """
Programs get short-lived credentials from roles; an active key of a user is a long-lived one that has to be kept,
handed on and rotated by hand.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
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
    CASE WHEN is_unread THEN 'unknown' WHEN len(keys) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN is_unread THEN 'access keys could not be read' ELSE 'active access keys: ' || len(keys) END AS reason
FROM users
ORDER BY resource_key;
