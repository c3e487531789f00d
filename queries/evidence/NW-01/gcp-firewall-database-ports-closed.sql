/* ---
title = "Firewall rule keeps database ports from the internet"
description = """
Databases, caches and search engines are to be reached from inside only. A rule that is on and allows one of their TCP
ports, or everything, from the internet fails.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "database_ports"
type = "text"
default = "1433,1521,3306,5432,6379,9200,11211,27017"
description = "TCP ports that are watched, separated by commas."

[check]
control = "NW-01"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Firewall"
--- */
WITH ports AS (
    SELECT list_transform(
        string_split(coalesce(getvariable('database_ports'), '1433,1521,3306,5432,6379,9200,11211,27017'), ','),
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
        WHEN len(open_ports) = 0 THEN 'no database port is open to the internet'
        ELSE 'open to the internet: ' || array_to_string(open_ports, ', ')
    END AS reason
FROM judged
ORDER BY resource_key;
