/* ---
title = "Topic of alarms has a subscriber"
description = """
Alarms go to topics, and topics to people. Looks at topics that an alarm names; all others are left out.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "aws"
resource_type = "AWS::SNS::Topic"
--- */
WITH topics AS (
    SELECT
        topics.resource_key,
        topics.resource_key IN (
            SELECT unnest(json_extract_string(config, '$.AlarmActions[*]'))
            FROM inventory.resources
            WHERE type = 'AWS::CloudWatch::Alarm'
        ) AS is_named,
        list_contains(topics.unread, 'GetTopicAttributes')
           
            OR NOT json_exists(topics.config, '$.GetTopicAttributes') AS is_unread,
        coalesce(
            try_cast(topics.config ->> '$.GetTopicAttributes.Attributes.SubscriptionsConfirmed' AS BIGINT), 0
        ) AS subscribers
    FROM inventory.resources AS topics
    WHERE topics.type = 'AWS::SNS::Topic'
)
SELECT
    resource_key,
    CASE
        WHEN NOT is_named THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN subscribers > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_named THEN 'no alarm names it'
        WHEN is_unread THEN 'the attributes could not be read'
        WHEN subscribers > 0 THEN subscribers || ' confirmed subscriptions'
        ELSE 'no confirmed subscription'
    END AS reason
FROM topics
ORDER BY resource_key;
