/* ---
title = "Active access keys of the user are at most 90 days old"
description = """
A key that is never changed is worth more every day to whoever has copied it. The oldest active key of each user
decides.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 90
description = "How old an active key may be, in days."

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
        list_transform(
            list_filter(
                json_extract(config, '$.ListAccessKeys.AccessKeyMetadata[*]'),
                lambda access_key: (access_key ->> '$.Status') = 'Active'
            ),
            lambda access_key: try_cast(access_key ->> '$.CreateDate' AS TIMESTAMP)
        ) AS created,
        (SELECT max(finished_at) FROM inventory.runs) AS today,
        coalesce(getvariable('max_age_days'), 90) AS max_age_days
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
),

oldest_keys AS (
    SELECT
        resource_key,
        is_unread,
        len(created) AS keys,
        len(list_filter(created, lambda moment: moment IS NULL)) AS undated,
        date_diff('day', list_min(created), today) AS age_days,
        max_age_days
    FROM users
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN keys = 0 THEN 'not_applicable'
        WHEN age_days > max_age_days THEN 'fail'
        WHEN undated > 0 THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'access keys could not be read'
        WHEN keys = 0 THEN 'no active access key'
        WHEN undated = keys THEN 'date of an access key could not be read'
        ELSE 'oldest active key is ' || age_days || ' days old'
    END AS reason
FROM oldest_keys
ORDER BY resource_key;
