/* ---
title = "Traffic of the network is recorded"
description = """
Without flow logs nobody can show what crossed a boundary between segments. A flow log that is on for the network, for
one of its subnets or for a security group of one of them counts.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "azure"
resource_type = "microsoft.network/virtualnetworks"
--- */
WITH logged AS (
    SELECT list(lower(config ->> '$.properties.targetResourceId')) AS targets
    FROM inventory.resources
    WHERE type = 'microsoft.network/networkwatchers/flowlogs' AND (config ->> '$.properties.enabled') = 'true'
),

networks AS (
    SELECT
        resources.resource_key,
        resources.scope_id,
        list_concat(
            [resources.resource_key],
            list_transform(
                list_concat(
                    json_extract_string(resources.config, '$.properties.subnets[*].id'),
                    json_extract_string(resources.config, '$.properties.subnets[*].properties.networkSecurityGroup.id')
                ),
                lambda part: lower(part)
            )
        ) AS parts,
        coalesce(list_contains(resources.unread, 'properties'), false)
            OR NOT json_exists(resources.config, '$.properties') AS is_unread,
        coalesce(logged.targets, []) AS targets
    FROM inventory.resources AS resources
    CROSS JOIN logged
    WHERE resources.type = 'microsoft.network/virtualnetworks'
),

judged AS (
    SELECT
        networks.resource_key,
        list_intersect(networks.parts, networks.targets) AS recorded,
        networks.is_unread OR EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.type IN ('microsoft.network/networkwatchers/flowlogs', '*')
                AND gaps.scope_id IN (networks.scope_id, '*')
        ) AS is_gap
    FROM networks
)

SELECT
    resource_key,
    CASE WHEN len(recorded) > 0 THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN len(recorded) > 0 THEN 'flow logs: ' || len(recorded)
        WHEN is_gap THEN 'flow logs or subnets could not be read'
        ELSE 'no flow log that is on'
    END AS reason
FROM judged
ORDER BY resource_key;
