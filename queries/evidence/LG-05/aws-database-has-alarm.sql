/* ---
title = "Database has an alarm"
description = """
Somebody is told before the database is full or stuck. Passes where an alarm names the instance as a dimension;
alarms on expressions are not resolved.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        databases.resource_key,
        (
            SELECT count(*)
            FROM inventory.resources AS alarms
            WHERE alarms.type = 'AWS::CloudWatch::Alarm'
                AND alarms.scope_id = databases.scope_id
                AND alarms.region = databases.region
                AND list_contains(
                    json_extract_string(alarms.config, '$.Dimensions[*].Value'),
                    databases.config ->> '$.DBInstanceIdentifier'
                )
        ) AS alarms,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (databases.scope_id, '*')
                AND gaps.region IN (databases.region, '*')
                AND gaps.type IN ('AWS::CloudWatch::Alarm', '*')
        ) AS is_hidden
    FROM inventory.resources AS databases
    WHERE databases.type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN alarms > 0 THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN alarms > 0 THEN alarms || ' alarms'
        WHEN is_hidden THEN 'not found, and alarms could not all be listed'
        ELSE 'no alarm'
    END AS reason
FROM databases
ORDER BY resource_key;
