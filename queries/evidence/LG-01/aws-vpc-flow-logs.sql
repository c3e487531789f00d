/* ---
title = "Network records its traffic"
description = """
Flow logs tell who talked to whom. Passes with an active flow log of the whole network.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::EC2::VPC"
--- */
WITH networks AS (
    SELECT
        networks.resource_key,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS logs
            WHERE logs.type = 'AWS::EC2::FlowLog'
                AND (logs.config ->> '$.ResourceId') = (networks.config ->> '$.VpcId')
                AND (logs.config ->> '$.FlowLogStatus') = 'ACTIVE'
        ) AS has_flow_log,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (networks.scope_id, '*')
                AND gaps.region IN (networks.region, '*')
                AND gaps.type IN ('AWS::EC2::FlowLog', '*')
        ) AS is_hidden
    FROM inventory.resources AS networks
    WHERE networks.type = 'AWS::EC2::VPC'
)
SELECT
    resource_key,
    CASE
        WHEN has_flow_log THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN has_flow_log THEN 'an active flow log'
        WHEN is_hidden THEN 'not found, and flow logs could not all be listed'
        ELSE 'no active flow log'
    END AS reason
FROM networks
ORDER BY resource_key;
