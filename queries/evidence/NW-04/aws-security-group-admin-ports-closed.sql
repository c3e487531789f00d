/* ---
title = "Security group keeps administration ports from the internet"
description = """
Remote shells and desktops (22, 3389, 5985, 5986 over TCP) are to be reached through sessions of Systems Manager, a
bastion or a VPN. A rule from 0.0.0.0/0 or ::/0 that covers one of them, or everything, fails.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "admin_ports"
type = "text"
default = "22,3389,5985,5986"
description = "TCP ports of administration, separated by commas."

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::SecurityGroup"
--- */
WITH ports AS (
    SELECT list_transform(
        string_split(coalesce(getvariable('admin_ports'), '22,3389,5985,5986'), ','),
        lambda port: CAST(port AS INTEGER)
    ) AS watched
),

groups AS (
    SELECT
        resource_key,
        list_filter(
            json_extract(config, '$.IpPermissions[*]'),
            lambda rule: list_contains(json_extract_string(rule, '$.IpRanges[*].CidrIp'), '0.0.0.0/0')
                OR list_contains(json_extract_string(rule, '$.Ipv6Ranges[*].CidrIpv6'), '::/0')
        ) AS open_rules
    FROM inventory.resources
    WHERE type = 'AWS::EC2::SecurityGroup'
),

exposed AS (
    SELECT
        groups.resource_key,
        list_filter(
            ports.watched,
            lambda port: len(list_filter(
                groups.open_rules,
                lambda rule: (rule ->> '$.IpProtocol') = '-1'
                    OR (
                        (rule ->> '$.IpProtocol') IN ('tcp', '6')
                        AND port BETWEEN CAST(rule ->> '$.FromPort' AS INTEGER) AND CAST(rule ->> '$.ToPort' AS INTEGER)
                    )
            )) > 0
        ) AS open_ports
    FROM groups
    CROSS JOIN ports
)

SELECT
    resource_key,
    CASE WHEN len(open_ports) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN len(open_ports) = 0 THEN 'no administration port is open to the internet'
        ELSE 'open to the internet: ' || array_to_string(open_ports, ', ')
    END AS reason
FROM exposed
ORDER BY resource_key;
