/* ---
title = "Topic is not public"
description = """
Everybody could publish or subscribe. Passes where no binding names allUsers or allAuthenticatedUsers; a resource
without a policy of its own has no such binding.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "gcp"
resource_type = "pubsub.googleapis.com/Topic"
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
    WHERE type = 'pubsub.googleapis.com/Topic'
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
