/* ---
title = "What could not be seen"
description = """
Units of crawl work of the last sealed run that did not end ok, by scope, type and status. What they would have listed is
unknown: it was carried forward, and no answer may take it for absent.
"""
tables = ["inventory.coverage"]

[[parameters]]
name = "run_id"
type = "integer"
description = "The run; the last one with coverage without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "type"
description = "The resource type; * for the whole scope."

[[columns]]
name = "status"
description = "denied, throttled, unreachable, unsupported, skipped or error."

[[columns]]
name = "regions"
description = "The regions, or their number where there are more than three."

[[columns]]
name = "error_code"
description = "The provider's error code."

[[columns]]
name = "message"
description = "What failed and what to do about it."
--- */
WITH chosen AS (
    SELECT coalesce(getvariable('run_id'), max(run_id)) AS run_id FROM inventory.coverage
)
SELECT
    coverage.provider,
    coverage.scope_id,
    coverage.type,
    coverage.status,
    CASE
        WHEN count(DISTINCT coverage.region) > 3 THEN CAST(count(DISTINCT coverage.region) AS VARCHAR) || ' regions'
        ELSE array_join(array_sort(array_agg(DISTINCT coverage.region)), ', ')
    END AS regions,
    coverage.error_code,
    min(coverage.message) AS message
FROM inventory.coverage AS coverage
INNER JOIN chosen ON chosen.run_id = coverage.run_id
WHERE coverage.status <> 'ok'
GROUP BY coverage.provider, coverage.scope_id, coverage.type, coverage.status, coverage.error_code
ORDER BY coverage.provider, coverage.scope_id, coverage.type, coverage.status, coverage.error_code NULLS FIRST;
