/* ---
title = "Access keys that were switched off are deleted"
description = """
A key that was switched off can be switched on again by one call. Keys that are out of use are to be deleted.
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
            lambda access_key: (access_key ->> '$.Status') = 'Inactive'
        ) AS keys
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE WHEN is_unread THEN 'unknown' WHEN len(keys) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN is_unread THEN 'access keys could not be read' ELSE 'inactive access keys: ' || len(keys) END AS reason
FROM users
ORDER BY resource_key;
