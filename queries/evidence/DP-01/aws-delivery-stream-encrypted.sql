/* ---
title = "Delivery stream is encrypted"
description = """
Records that wait for delivery are encrypted. A stream that reads another stream takes over that stream's encryption
and is left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::KinesisFirehose::DeliveryStream"
--- */
WITH streams AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDeliveryStream')
            OR NOT json_exists(config, '$.DescribeDeliveryStream') AS is_unread,
        coalesce(
            config ->> '$.DescribeDeliveryStream.DeliveryStreamDescription.DeliveryStreamType', ''
        ) <> 'DirectPut' AS is_fed_by_stream,
        coalesce(
            config -> '$.DescribeDeliveryStream.DeliveryStreamDescription'
                ->> '$.DeliveryStreamEncryptionConfiguration.Status',
            'DISABLED'
        ) AS encryption
    FROM inventory.resources
    WHERE type = 'AWS::KinesisFirehose::DeliveryStream'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_fed_by_stream THEN 'not_applicable'
        WHEN encryption = 'ENABLED' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the stream could not be read'
        WHEN is_fed_by_stream THEN 'encrypted as its source is'
        WHEN encryption = 'ENABLED' THEN 'encrypted'
        ELSE 'encryption is ' || lower(encryption)
    END AS reason
FROM streams
ORDER BY resource_key;
