/* ---
title = "What the checks say of each resource"
description = """
The evidence that the inventory gives: one row for each resource of each check, what fails first. A place that could not be
listed is a row too, and unknown.
"""
tables = ["controls.check_results", "controls.checks"]

[[parameters]]
name = "control"
type = "text"
default = ""
description = "Only checks of this control."

[[parameters]]
name = "criterion"
type = "text"
default = ""
description = "Only checks that bear on this criterion."

[[parameters]]
name = "check"
type = "text"
default = ""
description = "Only this check."

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only checks of this cloud (aws, azure, gcp), or of third parties (any)."

[[parameters]]
name = "status"
type = "text"
default = ""
description = "Only results of this status."

[[columns]]
name = "status"
description = "pass, fail, not_applicable or unknown."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "check_id"
description = "The check; `carveout query show` prints its SQL."

[[columns]]
name = "resource_key"
description = "The resource, the scope, the third party, or the place that could not be listed."

[[columns]]
name = "reason"
description = "The fact that decided."
--- */
SELECT
    results.status,
    checks.control_id,
    checks.check_id,
    results.resource_key,
    results.reason
FROM controls.check_results AS results
INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
WHERE coalesce(getvariable('control'), '') IN ('', checks.control_id)
    AND coalesce(getvariable('check'), '') IN ('', checks.check_id)
    AND coalesce(getvariable('provider'), '') IN ('', checks.provider)
    AND coalesce(getvariable('status'), '') IN ('', results.status)
    AND (
        coalesce(getvariable('criterion'), '') = ''
        OR array_contains(checks.criterion_ids, coalesce(getvariable('criterion'), ''))
    )
ORDER BY
    CASE results.status WHEN 'fail' THEN 1 WHEN 'unknown' THEN 2 WHEN 'pass' THEN 3 ELSE 4 END,
    checks.control_id,
    checks.check_id,
    results.resource_key;
