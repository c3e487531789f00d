/* ---
title = "Alarm tells somebody"
description = """
An alarm without an action changes colour and nothing else. Passes where actions are enabled and at least one is set
for the alarm state.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "aws"
resource_type = "AWS::CloudWatch::Alarm"
--- */
WITH alarms AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.ActionsEnabled', 'false') = 'true' AS is_enabled,
        len(json_extract(config, '$.AlarmActions[*]')) AS actions
    FROM inventory.resources
    WHERE type = 'AWS::CloudWatch::Alarm'
)
SELECT
    resource_key,
    CASE
        WHEN NOT is_enabled THEN 'fail'
        WHEN actions = 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN NOT is_enabled THEN 'actions are disabled'
        WHEN actions = 0 THEN 'no action'
        ELSE actions || ' actions'
    END AS reason
FROM alarms
ORDER BY resource_key;
