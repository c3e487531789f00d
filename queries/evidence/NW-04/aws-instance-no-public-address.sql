/* ---
title = "Instance has no public address"
description = """
Machines are to sit behind load balancers and be administered through sessions; a public address of their own is a way
around both.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.State.Name' AS state,
        config ->> '$.PublicIpAddress' AS public_address
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Instance'
)

SELECT
    resource_key,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN public_address IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'instance is ' || state
        WHEN public_address IS NULL THEN 'private addresses only'
        ELSE 'public address ' || public_address
    END AS reason
FROM instances
ORDER BY resource_key;
