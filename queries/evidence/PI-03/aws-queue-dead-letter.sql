/* ---
title = "Queue keeps what cannot be processed"
description = """
Without a dead-letter queue a message that fails is tried until it expires, and is lost unseen. Queues that are
themselves the dead-letter queue of another have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "aws"
resource_type = "AWS::SQS::Queue"
--- */
WITH targets AS (
    SELECT
        try_cast(config ->> '$.GetQueueAttributes.Attributes.RedrivePolicy' AS JSON) ->> '$.deadLetterTargetArn' AS arn
    FROM inventory.resources
    WHERE type = 'AWS::SQS::Queue'
),
queues AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetQueueAttributes') OR NOT json_exists(config, '$.GetQueueAttributes') AS is_unread,
        try_cast(config ->> '$.GetQueueAttributes.Attributes.RedrivePolicy' AS JSON)
            ->> '$.deadLetterTargetArn' AS dead_letters,
        list_contains(
            (SELECT list(arn) FROM targets), config ->> '$.GetQueueAttributes.Attributes.QueueArn'
        ) AS is_target
    FROM inventory.resources
    WHERE type = 'AWS::SQS::Queue'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_target THEN 'not_applicable'
        WHEN dead_letters IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the attributes could not be read'
        WHEN is_target THEN 'a dead-letter queue'
        WHEN dead_letters IS NULL THEN 'no dead-letter queue'
        ELSE 'failures go to ' || dead_letters
    END AS reason
FROM queues
ORDER BY resource_key;
