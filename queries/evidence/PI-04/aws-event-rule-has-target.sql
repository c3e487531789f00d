/* ---
title = "Rule that is on has somewhere to send to"
description = """
A rule that is on and has no target drops every event that it matches: an output that reaches nobody. Rules that AWS
manages have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "PI-04"
criteria = ["PI1.4"]
provider = "aws"
resource_type = "AWS::Events::Rule"
--- */
WITH rules AS (
    SELECT
        resource_key,
        list_contains(unread, 'ListTargetsByRule') OR NOT json_exists(config, '$.ListTargetsByRule') AS is_unread,
        config ->> '$.ManagedBy' AS managed_by,
        config ->> '$.State' AS state,
        json_extract(config, '$.ListTargetsByRule.Targets[*]') AS targets
    FROM inventory.resources
    WHERE type = 'AWS::Events::Rule'
)
SELECT
    resource_key,
    CASE
        WHEN managed_by IS NOT NULL THEN 'not_applicable'
        WHEN state = 'DISABLED' THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN len(targets) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN managed_by IS NOT NULL THEN 'managed by ' || managed_by
        WHEN state = 'DISABLED' THEN 'switched off'
        WHEN is_unread THEN 'targets could not be read'
        WHEN len(targets) > 0 THEN 'targets: ' || len(targets)
        ELSE 'no targets'
    END AS reason
FROM rules
ORDER BY resource_key;
