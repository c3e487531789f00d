/* ---
title = "Why checks could not be decided"
description = """
Unknown results by cause: a place that could not be listed (with how the crawl ended there), or a resource whose
answer lacks what the check asks. Permissions cure the first; the second needs a look at the reason.
"""
tables = ["controls.check_results", "controls.checks", "inventory.gaps", "inventory.resources"]

[[parameters]]
name = "control"
type = "text"
default = ""
description = "Only checks of this control; all without it."

[[columns]]
name = "cause"
description = "denied, throttled, unreachable or error for a place that could not be listed; not_read where a part of a known resource could not be read; not_in_answer for everything else."

[[columns]]
name = "error_code"
description = "The provider's error code, for a place."

[[columns]]
name = "provider"
description = "Where the checks look: aws, azure, gcp or any."

[[columns]]
name = "results"
description = "Unknown results."

[[columns]]
name = "checks"
description = "Checks that have them."

[[columns]]
name = "controls"
description = "Controls that these give evidence for."

[[columns]]
name = "example"
description = "The reason of one."
--- */
WITH places AS (
    SELECT
        provider || ':' || scope_id || ':' || region || ':' || type AS place,
        min(status) AS cause,
        min(error_code) AS error_code
    FROM inventory.gaps
    GROUP BY provider || ':' || scope_id || ':' || region || ':' || type
),
causes AS (
    SELECT
        checks.provider,
        checks.check_id,
        checks.control_id,
        results.reason,
        checks.check_id || ' ' || results.resource_key AS result_key,
        places.error_code,
        CASE
            WHEN places.place IS NOT NULL THEN places.cause
            WHEN array_join(resources.unread, ', ') <> '' THEN 'not_read'
            ELSE 'not_in_answer'
        END AS cause
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    LEFT JOIN places ON places.place = results.resource_key
    LEFT JOIN inventory.resources AS resources ON resources.resource_key = results.resource_key
    WHERE results.status = 'unknown'
        AND coalesce(getvariable('control'), '') IN ('', checks.control_id)
)
SELECT
    cause,
    error_code,
    provider,
    count(DISTINCT result_key) AS results,
    count(DISTINCT check_id) AS checks,
    count(DISTINCT control_id) AS controls,
    min(reason) AS example
FROM causes
GROUP BY cause, error_code, provider
ORDER BY count(DISTINCT result_key) DESC, cause, error_code NULLS FIRST, provider;
