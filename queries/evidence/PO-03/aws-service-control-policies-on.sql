/* ---
title = "Service control policies are switched on"
description = """
Limits that no account may undo are service control policies; they take effect only where the root of the organization
has the type switched on.
"""
tables = ["inventory.resources"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::Organizations::Root"
--- */
WITH roots AS (
    SELECT
        resource_key,
        list_filter(
            json_extract(config, '$.PolicyTypes[*]'),
            lambda policy_type: (policy_type ->> '$.Type') = 'SERVICE_CONTROL_POLICY'
                AND (policy_type ->> '$.Status') = 'ENABLED'
        ) AS switched_on
    FROM inventory.resources
    WHERE type = 'AWS::Organizations::Root'
)

SELECT
    resource_key,
    CASE WHEN len(switched_on) > 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN len(switched_on) > 0 THEN 'switched on' ELSE 'not switched on' END AS reason
FROM roots
ORDER BY resource_key;
