/* ---
title = "Buckets, snapshots and other stores that anybody can read"
description = """
One row for each store that a check of public data (DP-04) finds open to the world, with the access that is open to it
by policy, and for those of which nobody knows.
"""
tables = ["controls.check_results", "controls.checks", "inventory.resources", "parties.exposures"]

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
name = "scope_id"
description = "The account, subscription or project; empty for a place that could not be listed."

[[columns]]
name = "exposures"
description = "Places in its policies that admit everybody."

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
    WHERE checks.control_id = 'DP-04' AND results.status IN ('fail', 'unknown')
    GROUP BY results.resource_key, checks.provider, checks.resource_type
),
admitted AS (
    SELECT resource_key, count(*) AS places
    FROM parties.exposures
    WHERE kind = 'public_principal'
    GROUP BY resource_key
)
SELECT
    found.verdict AS status,
    found.provider,
    found.resource_type AS type,
    found.resource_key,
    resources.scope_id,
    coalesce(admitted.places, 0) AS exposures,
    found.reasons AS why
FROM found
LEFT JOIN inventory.resources AS resources ON resources.resource_key = found.resource_key
LEFT JOIN admitted ON admitted.resource_key = found.resource_key
WHERE coalesce(getvariable('provider'), '') IN ('', found.provider)
ORDER BY found.verdict, found.provider, found.resource_type, found.resource_key;
