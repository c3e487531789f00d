/* ---
title = "Security group does not open every port to the internet"
description = """
An inbound rule that allows all ports from everywhere is no boundary at all.
"""
tables = ["inventory.resources"]

[check]
control = "NW-01"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/networksecuritygroups"
--- */
WITH groups AS (
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

wide AS (
    SELECT
        resource_key,
        is_unread,
        list_filter(
            open_rules,
            lambda rule: list_has_any(
                list_append(
                    coalesce(json_extract_string(rule, '$.properties.destinationPortRanges[*]'), []),
                    rule ->> '$.properties.destinationPortRange'
                ),
                ['*', '0-65535', '1-65535']
            )
        ) AS wide_rules
    FROM groups
)

SELECT
    resource_key,
    CASE WHEN is_unread THEN 'unknown' WHEN len(wide_rules) > 0 THEN 'fail' ELSE 'pass' END AS status,
    CASE
        WHEN is_unread THEN 'its rules could not be read'
        WHEN len(wide_rules) > 0
            THEN 'all ports are open by rule ' || coalesce(wide_rules[1] ->> '$.name', 'without a name')
        ELSE 'no rule opens all ports'
    END AS reason
FROM wide
ORDER BY resource_key;
