/* ---
title = "Queue is encrypted"
description = """
Messages wait in queues for days. Passes with a key in KMS or with the key that the queue service manages.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::SQS::Queue"
--- */
WITH queues AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetQueueAttributes') OR NOT json_exists(config, '$.GetQueueAttributes') AS is_unread,
        nullif(config ->> '$.GetQueueAttributes.Attributes.KmsMasterKeyId', '') AS kms_key,
        (config ->> '$.GetQueueAttributes.Attributes.SqsManagedSseEnabled') = 'true' AS has_managed_key
    FROM inventory.resources
    WHERE type = 'AWS::SQS::Queue'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN kms_key IS NOT NULL THEN 'pass'
        WHEN has_managed_key THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the attributes could not be read'
        WHEN kms_key IS NOT NULL THEN 'encrypted with ' || kms_key
        WHEN has_managed_key THEN 'encrypted with a key of the service'
        ELSE 'not encrypted'
    END AS reason
FROM queues
ORDER BY resource_key;
