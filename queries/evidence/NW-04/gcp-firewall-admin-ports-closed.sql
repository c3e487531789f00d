/* ---
title = "Firewall rule keeps administration ports from the internet"
description = """
Remote shells and desktops (22, 3389, 5985, 5986 over TCP) are to be reached through Identity-Aware Proxy or a VPN. A
rule that is on and allows one of them, or everything, from the internet fails.
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
provider = "gcp"
resource_type = "compute.googleapis.com/Firewall"
--- */
WITH ports AS (
    SELECT list_transform(
        string_split(coalesce(getvariable('admin_ports'), '22,3389,5985,5986'), ','),
        lambda port: CAST(port AS INTEGER)
    ) AS watched
),

rules AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.disabled', 'false') = 'true' AS is_disabled,
        coalesce(config ->> '$.direction', 'INGRESS') = 'INGRESS'
            AND list_has_any(
                coalesce(json_extract_string(config, '$.sourceRanges[*]'), []), ['0.0.0.0/0', '::/0']
            ) AS is_open,
        coalesce(json_extract(config, '$.allowed[*]'), []) AS allowed
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Firewall'
),

judged AS (
    SELECT
        rules.resource_key,
        rules.is_disabled,
        rules.is_open,
        rules.allowed,
        list_filter(
            ports.watched,
            lambda port: len(list_filter(
                rules.allowed,
                lambda entry: lower(entry ->> '$.IPProtocol') IN ('all', 'tcp', '6')
                    AND (
                        coalesce(len(json_extract(entry, '$.ports[*]')), 0) = 0
                        OR len(list_filter(
                            json_extract_string(entry, '$.ports[*]'),
                            lambda range: port BETWEEN CAST(split_part(range, '-', 1) AS INTEGER)
                                AND CAST(split_part(range, '-', -1) AS INTEGER)
                        )) > 0
                    )
            )) > 0
        ) AS open_ports
    FROM rules
    CROSS JOIN ports
)

SELECT
    resource_key,
    CASE
        WHEN is_disabled OR NOT is_open OR len(allowed) = 0 THEN 'not_applicable'
        WHEN len(open_ports) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_disabled THEN 'switched off'
        WHEN NOT is_open OR len(allowed) = 0 THEN 'lets nothing in from the internet'
        WHEN len(open_ports) = 0 THEN 'no administration port is open to the internet'
        ELSE 'open to the internet: ' || array_to_string(open_ports, ', ')
    END AS reason
FROM judged
ORDER BY resource_key;
