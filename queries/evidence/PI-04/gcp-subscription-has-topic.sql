/* ---
title = "Subscription still has its topic"
description = """
A subscription whose topic was deleted waits for messages that never come.
"""
tables = ["inventory.resources"]

[check]
control = "PI-04"
criteria = ["PI1.4"]
provider = "gcp"
resource_type = "pubsub.googleapis.com/Subscription"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        config ->> '$.topic' AS topic
    FROM inventory.resources
    WHERE type = 'pubsub.googleapis.com/Subscription'
)
SELECT
    resource_key,
    CASE
        WHEN topic IS NULL THEN 'unknown'
        WHEN topic = '_deleted-topic_' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN topic IS NULL THEN 'the topic is not in the answer'
        WHEN topic = '_deleted-topic_' THEN 'its topic was deleted'
        ELSE 'reads ' || topic
    END AS reason
FROM subscriptions
ORDER BY resource_key;
