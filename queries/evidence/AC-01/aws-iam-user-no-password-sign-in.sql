/* ---
title = "IAM user does not sign in with a password of its own"
description = """
People are to come through the identity provider. A user that has ever signed in to the console with a password is a
local account. AWS leaves the last sign-in out where there was none; the answer is as of the crawl that last saw the
user change, and a password that was set and never used can't be told from none.
"""
tables = ["inventory.resources"]

[check]
control = "AC-01"
criteria = ["CC6.1", "CC6.2"]
provider = "aws"
resource_type = "AWS::IAM::User"
--- */
WITH users AS (
    SELECT resource_key, config ->> '$.PasswordLastUsed' AS last_sign_in
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE WHEN last_sign_in IS NULL THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN last_sign_in IS NULL THEN 'no sign-in with a password on record'
        ELSE 'signed in with a password on ' || left(last_sign_in, 10)
    END AS reason
FROM users
ORDER BY resource_key;
