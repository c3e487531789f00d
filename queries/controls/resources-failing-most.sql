/* ---
title = "Resources that fail several checks"
description = """
One row for each resource that fails at least a number of checks: where one hand can put most right.
"""
tables = ["controls.check_results", "controls.checks", "inventory.resources"]

[[parameters]]
name = "at_least"
type = "integer"
default = 2
description = "How many checks it has to fail."

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only resources of this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "resource_key"
description = "The resource, scope or third party."

[[columns]]
name = "type"
description = "Its type; empty for a scope or a third party."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "fail"
description = "Checks that it fails."

[[columns]]
name = "controls"
description = "Controls that these give evidence for."

[[columns]]
name = "checks"
description = "The checks."
--- */
WITH failing AS (
    SELECT
        results.resource_key,
        count(DISTINCT checks.check_id) AS failed,
        array_join(array_sort(array_agg(DISTINCT checks.control_id)), ', ') AS control_ids,
        array_join(array_sort(array_agg(DISTINCT checks.check_id)), ', ') AS check_ids
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    WHERE results.status = 'fail'
    GROUP BY results.resource_key
)
SELECT
    failing.resource_key,
    resources.type,
    resources.scope_id,
    failing.failed AS fail,
    failing.control_ids AS controls,
    failing.check_ids AS checks
FROM failing
LEFT JOIN inventory.resources AS resources ON resources.resource_key = failing.resource_key
WHERE failing.failed >= coalesce(getvariable('at_least'), 2)
    AND coalesce(getvariable('provider'), '') IN ('', resources.provider)
ORDER BY failing.failed DESC, failing.resource_key;
