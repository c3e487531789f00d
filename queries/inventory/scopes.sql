/* ---
title = "Accounts, subscriptions and projects, and how well each was seen"
description = """
Every scope with its live resources, and how many units of work of the last run ended ok and did not.
"""
tables = ["inventory.coverage", "inventory.resources", "inventory.scopes"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The provider's id."

[[columns]]
name = "kind"
description = "organization, account, subscription, project and others."

[[columns]]
name = "name"
description = "The display name."

[[columns]]
name = "status"
description = "The provider's word for its state."

[[columns]]
name = "parent_id"
description = "The scope that holds it."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "units_ok"
description = "Units of work of the last run that ended ok."

[[columns]]
name = "units_not_ok"
description = "Units of work of the last run that did not."
--- */
WITH counted AS (
    SELECT provider, scope_id, count(*) AS resources
    FROM inventory.resources
    GROUP BY provider, scope_id
),
last_coverage AS (
    SELECT
        provider,
        scope_id,
        count(*) FILTER (WHERE status = 'ok') AS units_ok,
        count(*) FILTER (WHERE status <> 'ok') AS units_not_ok
    FROM inventory.coverage
    WHERE run_id = (SELECT max(run_id) FROM inventory.coverage)
    GROUP BY provider, scope_id
)
SELECT
    scopes.provider,
    scopes.scope_id,
    scopes.kind,
    scopes.name,
    scopes.status,
    scopes.parent_id,
    coalesce(counted.resources, 0) AS resources,
    coalesce(last_coverage.units_ok, 0) AS units_ok,
    coalesce(last_coverage.units_not_ok, 0) AS units_not_ok
FROM inventory.scopes AS scopes
LEFT JOIN counted ON counted.provider = scopes.provider AND counted.scope_id = scopes.scope_id
LEFT JOIN last_coverage ON last_coverage.provider = scopes.provider AND last_coverage.scope_id = scopes.scope_id
WHERE coalesce(getvariable('provider'), '') IN ('', scopes.provider)
ORDER BY scopes.provider, scopes.kind, scopes.scope_id;
