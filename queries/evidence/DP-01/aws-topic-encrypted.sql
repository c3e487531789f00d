/* ---
title = "Topic is encrypted"
description = """
Messages of a topic are kept until they are delivered. Passes with a key in KMS.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::SNS::Topic"
--- */
WITH topics AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetTopicAttributes') OR NOT json_exists(config, '$.GetTopicAttributes') AS is_unread,
        nullif(config ->> '$.GetTopicAttributes.Attributes.KmsMasterKeyId', '') AS kms_key
    FROM inventory.resources
    WHERE type = 'AWS::SNS::Topic'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN kms_key IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the attributes could not be read'
        WHEN kms_key IS NOT NULL THEN 'encrypted with ' || kms_key
        ELSE 'no key'
    END AS reason
FROM topics
ORDER BY resource_key;
