/* ---
title = "SQL server lets no wide range of addresses in"
description = """
A rule from 0.0.0.0 opens the server to every Azure customer, or to everybody.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "azure"
resource_type = "microsoft.sql/servers"
--- */
WITH servers AS (
    SELECT
        resource_key,
        list_contains(unread, 'firewallRules') OR NOT json_exists(config, '$.firewallRules') AS is_unread,
        len(list_filter(
            json_extract(config, '$.firewallRules[*]'),
            lambda rule: (rule ->> '$.properties.startIpAddress') = '0.0.0.0'
        )) AS wide_rules
    FROM inventory.resources
    WHERE type = 'microsoft.sql/servers'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN wide_rules > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the firewall rules could not be read'
        WHEN wide_rules > 0 THEN wide_rules || ' rules start at 0.0.0.0'
        ELSE 'no rule starts at 0.0.0.0'
    END AS reason
FROM servers
ORDER BY resource_key;
