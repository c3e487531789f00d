/* ---
title = "IAM user that signs in with a password has a second factor"
description = """
A password alone is one phishing mail away from the console. Users with a sign-in on record need at least one MFA
device; users that have never signed in are left out, since there is nothing to protect with a second factor.
"""
tables = ["inventory.resources"]

[check]
control = "AC-02"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "AWS::IAM::User"
--- */
WITH users AS (
    SELECT
        resource_key,
        config ->> '$.PasswordLastUsed' AS last_sign_in,
        coalesce(list_contains(unread, 'ListMFADevices'), false)
            OR NOT json_exists(config, '$.ListMFADevices') AS is_unread,
        len(json_extract(config, '$.ListMFADevices.MFADevices[*]')) AS devices
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN devices > 0 THEN 'pass'
        WHEN last_sign_in IS NULL THEN 'not_applicable'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'MFA devices could not be read'
        WHEN devices > 0 THEN 'has a second factor: devices ' || devices
        WHEN last_sign_in IS NULL THEN 'no sign-in with a password on record'
        ELSE 'signed in on ' || left(last_sign_in, 10) || ' and has no MFA device'
    END AS reason
FROM users
ORDER BY resource_key;
