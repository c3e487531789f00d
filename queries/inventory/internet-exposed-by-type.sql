/* ---
title = "How much of each type can be reached from the internet"
description = """
Resources that the checks of the network boundary (NW-01), of administration paths (NW-04) and of public data (DP-04)
look at, by type: open, closed, and of which nobody knows. One that is open by one check is open.
"""
tables = ["controls.check_results", "controls.checks"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "open"
description = "Resources that a check finds open."

[[columns]]
name = "unknown"
description = "Resources, and places that could not be listed, of which nobody knows."

[[columns]]
name = "closed"
description = "Resources that every check finds closed."
--- */
WITH judged AS (
    SELECT
        checks.provider,
        checks.resource_type,
        results.resource_key,
        bool_or(results.status = 'fail') AS is_open,
        bool_or(results.status = 'unknown') AS is_unknown
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    WHERE checks.control_id IN ('NW-01', 'NW-04', 'DP-04')
        AND results.status <> 'not_applicable'
        -- Not about who can reach it.
        AND checks.check_id NOT IN (
            'aws-default-security-group-empty', 'aws-instance-no-login-key', 'azure-machine-no-password-login'
        )
    GROUP BY checks.provider, checks.resource_type, results.resource_key
)
SELECT
    provider,
    resource_type AS type,
    count(*) FILTER (WHERE is_open) AS open,
    count(*) FILTER (WHERE is_unknown AND NOT is_open) AS unknown,
    count(*) FILTER (WHERE NOT is_unknown AND NOT is_open) AS closed
FROM judged
WHERE coalesce(getvariable('provider'), '') IN ('', provider)
GROUP BY provider, resource_type
ORDER BY open DESC, unknown DESC, provider, resource_type;
