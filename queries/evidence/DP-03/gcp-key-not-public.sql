/* ---
title = "Key is not public"
description = """
A key that everybody may use protects nothing. Passes where no binding names allUsers or allAuthenticatedUsers; a
resource without a policy of its own has no such binding.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "cloudkms.googleapis.com/CryptoKey"
--- */
WITH policies AS (
    SELECT
        resource_key,
        list_contains(unread, 'iamPolicy') AS is_unread,
        len(list_filter(
            json_extract_string(config, '$.iamPolicy.bindings[*].members[*]'),
            lambda member: member IN ('allUsers', 'allAuthenticatedUsers')
        )) AS public_members
    FROM inventory.resources
    WHERE type = 'cloudkms.googleapis.com/CryptoKey'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_members > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the policy could not be read'
        WHEN public_members > 0 THEN 'the policy lets everybody in'
        ELSE 'the policy names no public member'
    END AS reason
FROM policies
ORDER BY resource_key;
