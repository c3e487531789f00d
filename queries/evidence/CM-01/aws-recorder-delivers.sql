/* ---
title = "Recorder has a channel that keeps its records"
description = """
A recorder without a delivery channel in its region keeps nothing.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "CM-01"
criteria = ["CC2.1"]
provider = "aws"
resource_type = "AWS::Config::ConfigurationRecorder"
--- */
WITH recorders AS (
    SELECT
        recorders.resource_key,
        (
            SELECT min(channels.config ->> '$.s3BucketName')
            FROM inventory.resources AS channels
            WHERE channels.type = 'AWS::Config::DeliveryChannel'
                AND channels.scope_id = recorders.scope_id
                AND channels.region = recorders.region
        ) AS bucket,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.type IN ('AWS::Config::DeliveryChannel', '*')
                AND gaps.scope_id IN (recorders.scope_id, '*')
                AND gaps.region IN (recorders.region, '*')
        ) AS is_gap
    FROM inventory.resources AS recorders
    WHERE recorders.type = 'AWS::Config::ConfigurationRecorder'
)

SELECT
    resource_key,
    CASE WHEN bucket IS NOT NULL THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN bucket IS NOT NULL THEN 'delivers to ' || bucket
        WHEN is_gap THEN 'delivery channels could not be listed'
        ELSE 'no delivery channel'
    END AS reason
FROM recorders
ORDER BY resource_key;
