/* ---
title = "Log group sends out only what is asked for"
description = """
A subscription without a pattern sends every event of the group to its destination. Looks at groups whose subscription
leads to another account, where somebody else keeps what arrives.
"""
tables = ["inventory.resources"]

[check]
control = "LG-06"
criteria = ["CC7.2", "CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::Logs::LogGroup"
--- */
WITH log_groups AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeSubscriptionFilters') OR NOT json_exists(config, '$.DescribeSubscriptionFilters')
            AS is_unread,
        list_filter(
            json_extract(config, '$.DescribeSubscriptionFilters.subscriptionFilters[*]'),
            lambda subscription: split_part(subscription ->> '$.destinationArn', ':', 5) <> scope_id
        ) AS outward
    FROM inventory.resources
    WHERE type = 'AWS::Logs::LogGroup'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(outward) = 0 THEN 'not_applicable'
        WHEN len(
            list_filter(outward, lambda subscription: coalesce(subscription ->> '$.filterPattern', '') = '')
        ) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'subscriptions could not be read'
        WHEN len(outward) = 0 THEN 'nothing is sent to another account'
        WHEN len(
            list_filter(outward, lambda subscription: coalesce(subscription ->> '$.filterPattern', '') = '')
        ) = 0 THEN 'filtered: ' || (outward[1] ->> '$.filterPattern')
        ELSE 'everything is sent to ' || (outward[1] ->> '$.destinationArn')
    END AS reason
FROM log_groups
ORDER BY resource_key;
