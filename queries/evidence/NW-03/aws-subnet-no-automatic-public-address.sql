/* ---
title = "Subnet gives no public addresses by itself"
description = """
Where a subnet hands out public addresses, a machine lands on the internet because nobody said otherwise.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::Subnet"
--- */
WITH subnets AS (
    SELECT resource_key, config ->> '$.MapPublicIpOnLaunch' AS gives_addresses
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Subnet'
)

SELECT
    resource_key,
    CASE gives_addresses WHEN 'false' THEN 'pass' WHEN 'true' THEN 'fail' ELSE 'unknown' END AS status,
    CASE gives_addresses
        WHEN 'false' THEN 'no public address at launch'
        WHEN 'true' THEN 'public address at launch'
        ELSE 'its setting is not known'
    END AS reason
FROM subnets
ORDER BY resource_key;
