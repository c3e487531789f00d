/* ---
title = "IAM user with a password has signed in within 90 days"
description = """
A password that nobody uses often belongs to somebody who has left. The last sign-in is known as of the crawl that
last saw the user change, so that an older one which may have been followed by another is unknown and not a failure.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "dormant_days"
type = "integer"
default = 90
description = "After how many days without a sign-in a password counts as dormant."

[check]
control = "AC-04"
criteria = ["CC6.2", "CC6.3"]
provider = "aws"
resource_type = "AWS::IAM::User"
--- */
WITH users AS (
    SELECT
        resource_key,
        try_cast(config ->> '$.PasswordLastUsed' AS TIMESTAMP) AS last_sign_in_at,
        json_exists(config, '$.PasswordLastUsed') AS has_sign_in,
        changed_at,
        (SELECT max(finished_at) FROM inventory.runs) AS today,
        coalesce(getvariable('dormant_days'), 90) AS dormant_days
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE
        WHEN NOT has_sign_in THEN 'not_applicable'
        WHEN last_sign_in_at IS NULL THEN 'unknown'
        WHEN date_diff('day', last_sign_in_at, today) <= dormant_days THEN 'pass'
        WHEN date_diff('day', last_sign_in_at, changed_at) > dormant_days THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN NOT has_sign_in THEN 'no sign-in with a password on record'
        WHEN last_sign_in_at IS NULL THEN 'date of the last sign-in could not be read'
        WHEN date_diff('day', last_sign_in_at, today) > dormant_days
            AND date_diff('day', last_sign_in_at, changed_at) <= dormant_days
            THEN 'signed in on ' || strftime(last_sign_in_at, '%Y-%m-%d') || '; later sign-ins are not known'
        ELSE 'last signed in on ' || strftime(last_sign_in_at, '%Y-%m-%d')
    END AS reason
FROM users
ORDER BY resource_key;
