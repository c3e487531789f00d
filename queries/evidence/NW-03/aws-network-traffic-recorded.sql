/* ---
title = "Traffic of the network is recorded"
description = """
Without flow logs nobody can show what crossed a boundary between segments. An active flow log of the network itself
counts, and so do flow logs of all its subnets together.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::VPC"
--- */
WITH logged AS (
    SELECT config ->> '$.ResourceId' AS logged_id
    FROM inventory.resources
    WHERE type = 'AWS::EC2::FlowLog' AND (config ->> '$.FlowLogStatus') = 'ACTIVE'
),

subnets AS (
    SELECT
        config ->> '$.VpcId' AS vpc_id,
        bool_and((config ->> '$.SubnetId') IN (SELECT logged.logged_id FROM logged)) AS all_logged
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Subnet'
    GROUP BY ALL
),

networks AS (
    SELECT
        resources.resource_key,
        (resources.config ->> '$.VpcId') IN (SELECT logged.logged_id FROM logged) AS is_logged,
        coalesce(subnets.all_logged, false) AS subnets_logged,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.type IN ('AWS::EC2::FlowLog', '*')
                AND gaps.scope_id IN (resources.scope_id, '*')
                AND gaps.region IN (resources.region, '*')
        ) AS is_gap
    FROM inventory.resources AS resources
    LEFT JOIN subnets ON subnets.vpc_id = (resources.config ->> '$.VpcId')
    WHERE resources.type = 'AWS::EC2::VPC'
)

SELECT
    resource_key,
    CASE
        WHEN is_logged OR subnets_logged THEN 'pass'
        WHEN is_gap THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_logged THEN 'flow log of the network'
        WHEN subnets_logged THEN 'flow logs of all subnets'
        WHEN is_gap THEN 'flow logs could not be listed'
        ELSE 'no active flow log'
    END AS reason
FROM networks
ORDER BY resource_key;
