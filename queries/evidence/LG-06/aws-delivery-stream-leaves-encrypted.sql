/* ---
title = "Stream to a vendor leaves encrypted and keeps what fails"
description = """
A delivery stream to an HTTP or Splunk endpoint hands our records to a vendor. The address has to be https, and what
can't be delivered has to be kept in a bucket of ours.
"""
tables = ["inventory.resources"]

[check]
control = "LG-06"
criteria = ["CC7.2", "CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::KinesisFirehose::DeliveryStream"
--- */
WITH streams AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDeliveryStream') OR NOT json_exists(config, '$.DescribeDeliveryStream')
            AS is_unread,
        coalesce(
            config -> '$.DescribeDeliveryStream.DeliveryStreamDescription.Destinations[0]'
                ->> '$.HttpEndpointDestinationDescription.EndpointConfiguration.Url',
            config -> '$.DescribeDeliveryStream.DeliveryStreamDescription.Destinations[0]'
                ->> '$.SplunkDestinationDescription.HECEndpoint'
        ) AS address,
        coalesce(
            config -> '$.DescribeDeliveryStream.DeliveryStreamDescription.Destinations[0]'
                ->> '$.HttpEndpointDestinationDescription.S3BackupMode',
            config -> '$.DescribeDeliveryStream.DeliveryStreamDescription.Destinations[0]'
                ->> '$.SplunkDestinationDescription.S3BackupMode'
        ) AS backup_mode
    FROM inventory.resources
    WHERE type = 'AWS::KinesisFirehose::DeliveryStream'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN address IS NULL THEN 'not_applicable'
        WHEN address NOT LIKE 'https://%' THEN 'fail'
        WHEN backup_mode IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the stream could not be read'
        WHEN address IS NULL THEN 'it does not deliver to an address outside'
        WHEN address NOT LIKE 'https://%' THEN 'not encrypted: ' || address
        WHEN backup_mode IS NULL THEN 'what fails is not kept: ' || address
        ELSE backup_mode || ' kept, delivered to ' || address
    END AS reason
FROM streams
ORDER BY resource_key;
