/* ---
title = "Firewall rule does not open every port to the internet"
description = """
A rule that allows all protocols, or all ports of TCP or UDP, from everywhere is no boundary at all.
"""
tables = ["inventory.resources"]

[check]
control = "NW-01"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Firewall"
--- */
WITH rules AS (
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
        resource_key,
        is_disabled,
        is_open,
        allowed,
        list_filter(
            allowed,
            lambda entry: lower(entry ->> '$.IPProtocol') = 'all'
                OR (
                    lower(entry ->> '$.IPProtocol') IN ('tcp', 'udp', '6', '17')
                    AND (
                        coalesce(len(json_extract(entry, '$.ports[*]')), 0) = 0
                        OR list_has_any(json_extract_string(entry, '$.ports[*]'), ['0-65535', '1-65535'])
                    )
                )
        ) AS wide
    FROM rules
)

SELECT
    resource_key,
    CASE
        WHEN is_disabled OR NOT is_open OR len(allowed) = 0 THEN 'not_applicable'
        WHEN len(wide) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_disabled THEN 'switched off'
        WHEN NOT is_open OR len(allowed) = 0 THEN 'lets nothing in from the internet'
        WHEN len(wide) = 0 THEN 'named ports only'
        ELSE 'every port of ' || (wide[1] ->> '$.IPProtocol')
    END AS reason
FROM judged
ORDER BY resource_key;
