/* ---
title = "Security group does not open every port to the internet"
description = """
A rule for all protocols, or for a range of more than 1000 ports, from 0.0.0.0/0 or ::/0 is no boundary at all.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "max_open_ports"
type = "integer"
default = 1000
description = "How many ports a rule for the internet may span."

[check]
control = "NW-01"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::SecurityGroup"
--- */
WITH groups AS (
    SELECT
        resource_key,
        list_filter(
            json_extract(config, '$.IpPermissions[*]'),
            lambda rule: (
                list_contains(json_extract_string(rule, '$.IpRanges[*].CidrIp'), '0.0.0.0/0')
                OR list_contains(json_extract_string(rule, '$.Ipv6Ranges[*].CidrIpv6'), '::/0')
            )
            AND (
                (rule ->> '$.IpProtocol') = '-1'
                OR CAST(rule ->> '$.ToPort' AS INTEGER) - CAST(rule ->> '$.FromPort' AS INTEGER)
                    > coalesce(getvariable('max_open_ports'), 1000)
            )
        ) AS wide_rules
    FROM inventory.resources
    WHERE type = 'AWS::EC2::SecurityGroup'
)

SELECT
    resource_key,
    CASE WHEN len(wide_rules) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN len(wide_rules) = 0 THEN 'no wide rule for the internet'
        WHEN (wide_rules[1] ->> '$.IpProtocol') = '-1' THEN 'every protocol is open to the internet'
        ELSE 'open to the internet: ports ' || (wide_rules[1] ->> '$.FromPort')
            || ' to ' || (wide_rules[1] ->> '$.ToPort')
    END AS reason
FROM groups
ORDER BY resource_key;
