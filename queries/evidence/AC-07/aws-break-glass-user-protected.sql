/* ---
title = "Emergency user has a second factor and no access key"
description = """
Users whose names say that they are for emergencies can do everything when all else fails. They need an MFA device and
must not have an access key, which would be used without anybody noticing.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "emergency_pattern"
type = "text"
default = "(?i)break.?glass|emergency"
description = "Which user names are for emergencies, as a regular expression."

[check]
control = "AC-07"
criteria = ["CC6.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::IAM::User"
--- */
WITH users AS (
    SELECT
        resource_key,
        regexp_matches(
            config ->> '$.UserName', coalesce(getvariable('emergency_pattern'), '(?i)break.?glass|emergency')
        ) AS is_emergency,
        coalesce(list_has_any(unread, ['ListMFADevices', 'ListAccessKeys']), false)
            OR NOT json_exists(config, '$.ListMFADevices')
            OR NOT json_exists(config, '$.ListAccessKeys') AS is_unread,
        len(json_extract(config, '$.ListMFADevices.MFADevices[*]')) AS devices,
        len(json_extract(config, '$.ListAccessKeys.AccessKeyMetadata[*]')) AS keys
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
)

SELECT
    resource_key,
    CASE
        WHEN NOT is_emergency THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN devices > 0 AND keys = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_emergency THEN 'not an emergency user by its name'
        WHEN is_unread THEN 'MFA devices or access keys could not be read'
        ELSE 'MFA devices: ' || devices || ', access keys: ' || keys
    END AS reason
FROM users
ORDER BY resource_key;
