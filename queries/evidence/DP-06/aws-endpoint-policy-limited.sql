/* ---
title = "Network endpoint limits where data may go"
description = """
An endpoint without a policy of its own lets any principal carry data to any account's resources. Fails where an
unconditional statement allows everybody everything; endpoints of types without a policy are left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-06"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::EC2::VPCEndpoint"
--- */
WITH endpoints AS (
    SELECT
        resource_key,
        config ->> '$.VpcEndpointType' AS endpoint_type,
        try_cast(config ->> '$.PolicyDocument' AS JSON) AS policy
    FROM inventory.resources
    WHERE type = 'AWS::EC2::VPCEndpoint'
)
SELECT
    resource_key,
    CASE
        WHEN endpoint_type = 'GatewayLoadBalancer' THEN 'not_applicable'
        WHEN policy IS NULL THEN 'unknown'
        WHEN len(list_filter(
            json_extract(policy, '$.Statement[*]'),
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND (statement ->> '$.Principal') IN ('*', '{"AWS":"*"}')
                AND (statement ->> '$.Action') = '*'
                AND (statement ->> '$.Resource') = '*'
                AND NOT json_exists(statement, '$.Condition')
        )) > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN endpoint_type = 'GatewayLoadBalancer' THEN 'endpoints of this type have no policy'
        WHEN policy IS NULL THEN 'no policy is stated'
        WHEN len(list_filter(
            json_extract(policy, '$.Statement[*]'),
            lambda statement: (statement ->> '$.Effect') = 'Allow'
                AND (statement ->> '$.Principal') IN ('*', '{"AWS":"*"}')
                AND (statement ->> '$.Action') = '*'
                AND (statement ->> '$.Resource') = '*'
                AND NOT json_exists(statement, '$.Condition')
        )) > 0 THEN 'everybody may do everything'
        ELSE 'the policy is limited'
    END AS reason
FROM endpoints
ORDER BY resource_key;
