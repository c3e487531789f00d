/* ---
title = "IAM user has a way to sign in or is removed"
description = """
A user without an active access key and without a sign-in on record, older than 90 days, has no purpose that a review
could confirm.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "grace_days"
type = "integer"
default = 90
description = "For how many days a new user may have no way to sign in."

[check]
control = "AC-05"
criteria = ["CC6.2", "CC6.3"]
provider = "aws"
resource_type = "AWS::IAM::User"
--- */
WITH users AS (
    SELECT
        resource_key,
        json_exists(config, '$.PasswordLastUsed') AS has_sign_in,
        coalesce(list_contains(unread, 'ListAccessKeys'), false)
            OR NOT json_exists(config, '$.ListAccessKeys') AS is_unread,
        list_contains(json_extract_string(config, '$.ListAccessKeys.AccessKeyMetadata[*].Status'), 'Active') AS has_key,
        date_diff('day', created_at, (SELECT max(finished_at) FROM inventory.runs)) AS age_days,
        coalesce(getvariable('grace_days'), 90) AS grace_days
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE
        WHEN has_sign_in THEN 'pass'
        WHEN is_unread THEN 'unknown'
        WHEN has_key THEN 'pass'
        WHEN age_days IS NULL THEN 'unknown'
        WHEN age_days <= grace_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN has_sign_in THEN 'signs in with a password'
        WHEN is_unread THEN 'access keys could not be read'
        WHEN has_key THEN 'has an active access key'
        WHEN age_days IS NULL THEN 'no key and no sign-in; its age is not known'
        ELSE 'no key and no sign-in, ' || age_days || ' days old'
    END AS reason
FROM users
ORDER BY resource_key;
