/* ---
title = "Subscription keeps what cannot be processed"
description = """
Without a dead-letter topic a message that fails is tried until it expires, and is lost unseen. The API leaves the
policy out where there is none. BigQuery and Cloud Storage subscriptions count too.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "gcp"
resource_type = "pubsub.googleapis.com/Subscription"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        config ->> '$.deadLetterPolicy.deadLetterTopic' AS topic
    FROM inventory.resources
    WHERE type = 'pubsub.googleapis.com/Subscription'
)
SELECT
    resource_key,
    CASE
        WHEN topic IS NULL THEN 'fail'
        WHEN topic = '_deleted-topic_' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN topic IS NULL THEN 'no dead-letter topic'
        WHEN topic = '_deleted-topic_' THEN 'its dead-letter topic was deleted'
        ELSE 'failures go to ' || topic
    END AS reason
FROM subscriptions
ORDER BY resource_key;
