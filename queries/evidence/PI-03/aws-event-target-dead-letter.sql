/* ---
title = "Events that cannot be delivered are kept"
description = """
EventBridge gives an event up after a day of tries. Every target of a rule that is on needs a dead-letter queue, or
the event is lost unseen. Rules that AWS manages have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
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
        WHEN len(targets) = 0 THEN 'not_applicable'
        WHEN len(list_filter(targets, lambda target: (target ->> '$.DeadLetterConfig.Arn') IS NULL)) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN managed_by IS NOT NULL THEN 'managed by ' || managed_by
        WHEN state = 'DISABLED' THEN 'switched off'
        WHEN is_unread THEN 'targets could not be read'
        WHEN len(targets) = 0 THEN 'no targets'
        WHEN len(list_filter(targets, lambda target: (target ->> '$.DeadLetterConfig.Arn') IS NULL)) = 0
            THEN 'all ' || len(targets) || ' targets keep failures'
        ELSE 'a target without a dead-letter queue'
    END AS reason
FROM rules
ORDER BY resource_key;
