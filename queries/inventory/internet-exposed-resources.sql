/* ---
title = "What can be reached from the internet, or may be"
description = """
One row for each resource that a check of the network boundary (NW-01), of administration paths (NW-04) or of public
data (DP-04) finds open, and for those of which nobody knows. What is open may be meant to be; the reason says what
opens it.
"""
tables = ["controls.check_results", "controls.checks", "inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[parameters]]
name = "type"
type = "text"
default = ""
description = "Only this resource type; all without it."

[[columns]]
name = "status"
description = "fail where a check finds it open, unknown where none could be decided."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resource_key"
description = "The resource, or the place that could not be listed."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; empty for a place that could not be listed."

[[columns]]
name = "region"
description = "The region; empty for a place that could not be listed."

[[columns]]
name = "checks"
description = "The checks that say so."

[[columns]]
name = "why"
description = "The facts that decided."
--- */
WITH found AS (
    SELECT
        results.resource_key,
        checks.provider,
        checks.resource_type,
        CASE WHEN bool_or(results.status = 'fail') THEN 'fail' ELSE 'unknown' END AS verdict,
        array_join(array_sort(array_agg(DISTINCT checks.check_id)), ', ') AS check_ids,
        array_join(array_sort(array_agg(DISTINCT results.reason)), '; ') AS reasons
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    WHERE checks.control_id IN ('NW-01', 'NW-04', 'DP-04')
        AND results.status IN ('fail', 'unknown')
        -- Not about who can reach it.
        AND checks.check_id NOT IN (
            'aws-default-security-group-empty', 'aws-instance-no-login-key', 'azure-machine-no-password-login'
        )
    GROUP BY results.resource_key, checks.provider, checks.resource_type
)
SELECT
    found.verdict AS status,
    found.provider,
    found.resource_type AS type,
    found.resource_key,
    resources.scope_id,
    resources.region,
    found.check_ids AS checks,
    found.reasons AS why
FROM found
LEFT JOIN inventory.resources AS resources ON resources.resource_key = found.resource_key
WHERE coalesce(getvariable('provider'), '') IN ('', found.provider)
    AND coalesce(getvariable('type'), '') IN ('', found.resource_type)
ORDER BY found.verdict, found.provider, found.resource_type, found.resource_key;
