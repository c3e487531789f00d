/* ---
title = "Assigned policy is enforced"
description = """
A policy in the mode DoNotEnforce reports and lets everything through. Azure takes Default where the mode is not set.
"""
tables = ["inventory.resources"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "azure"
resource_type = "microsoft.authorization/policyassignments"
--- */
WITH assignments AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(config ->> '$.properties.enforcementMode', 'Default') AS mode
    FROM inventory.resources
    WHERE type = 'microsoft.authorization/policyassignments'
)

SELECT
    resource_key,
    CASE WHEN is_unread THEN 'unknown' WHEN mode = 'Default' THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN is_unread THEN 'the assignment could not be read' ELSE 'mode: ' || mode END AS reason
FROM assignments
ORDER BY resource_key;
