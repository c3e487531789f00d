/* ---
title = "What was refused, and how often"
description = """
Gaps in coverage by cloud, status and the provider's error code, with the types and the scopes they hide: what to ask
permission for first.
"""
tables = ["inventory.gaps"]

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "status"
description = "denied, throttled, unreachable or error."

[[columns]]
name = "error_code"
description = "The provider's error code."

[[columns]]
name = "units"
description = "Units of work that ended so."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions and projects that they hide something of."

[[columns]]
name = "types"
description = "Types that they hide; * for all."

[[columns]]
name = "example"
description = "The message of one."
--- */
SELECT
    provider,
    status,
    error_code,
    count(*) AS units,
    count(DISTINCT scope_id) AS scopes,
    array_join(array_sort(array_agg(DISTINCT type)), ', ') AS types,
    min(message) AS example
FROM inventory.gaps
GROUP BY provider, status, error_code
ORDER BY count(*) DESC, provider, status, error_code NULLS FIRST;
