/* ---
title = "Instance runs in a network that was made for it"
description = """
The default network of a region is flat and public, and everything that was started without thought shares it.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH networks AS (
    SELECT config ->> '$.VpcId' AS vpc_id, config ->> '$.IsDefault' AS is_default
    FROM inventory.resources
    WHERE type = 'AWS::EC2::VPC'
),

instances AS (
    SELECT
        resources.resource_key,
        resources.config ->> '$.State.Name' AS state,
        resources.config ->> '$.VpcId' AS vpc_id,
        any_value(networks.is_default) AS is_default
    FROM inventory.resources AS resources
    LEFT JOIN networks ON networks.vpc_id = (resources.config ->> '$.VpcId')
    WHERE resources.type = 'AWS::EC2::Instance'
    GROUP BY ALL
)

SELECT
    resource_key,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN is_default = 'false' THEN 'pass'
        WHEN is_default = 'true' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'instance is ' || state
        WHEN is_default = 'false' THEN 'in ' || vpc_id
        WHEN is_default = 'true' THEN 'in the default network ' || vpc_id
        ELSE 'its network is not in the inventory'
    END AS reason
FROM instances
ORDER BY resource_key;
