/* ---
title = "Role is given to a group and not to a single person"
description = """
Owners review groups. A role that hangs on one person is found by nobody who reviews the group and stays when the
person moves on.
"""
tables = ["inventory.resources"]

[check]
control = "AC-05"
criteria = ["CC6.2", "CC6.3"]
provider = "azure"
resource_type = "microsoft.authorization/roleassignments"
--- */
WITH assignments AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.principalType' AS principal_type
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/roleassignments'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN principal_type IS NULL THEN 'unknown'
        WHEN principal_type = 'User' THEN 'fail'
        WHEN principal_type = 'Group' THEN 'pass'
        ELSE 'not_applicable'
    END AS status,
    CASE
        WHEN is_unread THEN 'the assignment could not be read'
        WHEN principal_type IS NULL THEN 'whom it was given to is not known'
        ELSE 'given to: ' || principal_type
    END AS reason
FROM assignments
ORDER BY resource_key;
