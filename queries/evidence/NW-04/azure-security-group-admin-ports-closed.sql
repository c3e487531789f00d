/* ---
title = "Security group keeps administration ports from the internet"
description = """
Remote shells and desktops (22, 3389, 5985, 5986 over TCP) are to be reached through Bastion or a VPN. A rule of our
own that allows one of them, or everything, from the internet fails, whatever its priority.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "admin_ports"
type = "text"
default = "22,3389,5985,5986"
description = "TCP ports that are watched, separated by commas."

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/networksecuritygroups"
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
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        list_filter(
            json_extract(config, '$.properties.securityRules[*]'),
            lambda rule: (rule ->> '$.properties.direction') = 'Inbound'
                AND (rule ->> '$.properties.access') = 'Allow'
                AND list_has_any(
                    list_append(
                        coalesce(json_extract_string(rule, '$.properties.sourceAddressPrefixes[*]'), []),
                        coalesce(rule ->> '$.properties.sourceAddressPrefix', '')
                    ),
                    ['*', '0.0.0.0/0', '::/0', 'Internet', 'Any', 'internet', 'any']
                )
        ) AS open_rules
    FROM inventory.resources
    WHERE type = 'microsoft.network/networksecuritygroups'
),

ranges AS (
    SELECT
        groups.resource_key,
        range.port_range,
        try_cast(split_part(range.port_range, '-', 1) AS INTEGER) AS first_port,
        try_cast(split_part(range.port_range, '-', -1) AS INTEGER) AS last_port
    FROM groups, unnest(groups.open_rules) AS rule (entry), unnest(
        list_append(
            coalesce(json_extract_string(rule.entry, '$.properties.destinationPortRanges[*]'), []),
            rule.entry ->> '$.properties.destinationPortRange'
        )
    ) AS range (port_range)
    WHERE lower(rule.entry ->> '$.properties.protocol') IN ('tcp', '*')
),

exposed AS (
    SELECT
        ranges.resource_key,
        string_agg(DISTINCT ranges.port_range, ', ' ORDER BY ranges.port_range) AS port_ranges
    FROM ranges
    CROSS JOIN ports
    WHERE ranges.port_range = '*'
        OR len(list_filter(
            ports.watched, lambda port: port BETWEEN ranges.first_port AND ranges.last_port
        )) > 0
    GROUP BY ranges.resource_key
)

SELECT
    groups.resource_key,
    CASE
        WHEN groups.is_unread THEN 'unknown'
        WHEN exposed.port_ranges IS NOT NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN groups.is_unread THEN 'its rules could not be read'
        WHEN exposed.port_ranges IS NOT NULL THEN 'open to the internet: ' || exposed.port_ranges
        ELSE 'no administration port is open to the internet'
    END AS reason
FROM groups
LEFT JOIN exposed ON exposed.resource_key = groups.resource_key
ORDER BY groups.resource_key;
