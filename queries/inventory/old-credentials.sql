/* ---
title = "Keys, tokens and secrets that are old, shared or never end"
description = """
One row for each identity or service that a check of keys and tokens (AC-08) or of renewed secrets (AC-09) fails, or
can't decide. For what is due next, see `rotations-due`.
"""
tables = ["controls.check_results", "controls.checks", "inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "status"
description = "fail, or unknown where no check could be decided."

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
name = "name"
description = "Its name."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; empty for a place that could not be listed."

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
        array_join(array_sort(array_agg(DISTINCT results.reason)), '; ') AS reasons
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    WHERE checks.control_id IN ('AC-08', 'AC-09') AND results.status IN ('fail', 'unknown')
    GROUP BY results.resource_key, checks.provider, checks.resource_type
)
SELECT
    found.verdict AS status,
    found.provider,
    found.resource_type AS type,
    found.resource_key,
    resources.name,
    resources.scope_id,
    found.reasons AS why
FROM found
LEFT JOIN inventory.resources AS resources ON resources.resource_key = found.resource_key
WHERE coalesce(getvariable('provider'), '') IN ('', found.provider)
ORDER BY found.verdict, found.provider, found.resource_type, found.resource_key;
