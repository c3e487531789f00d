/* ---
title = "What each account, subscription and project holds"
description = """
Live resources by scope and type, the most first within a scope.
"""
tables = ["inventory.resources", "inventory.scopes"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[parameters]]
name = "scope"
type = "text"
default = ""
description = "Only this account, subscription or project (its scope_id); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "scope"
description = "Its name."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "regions"
description = "Regions that hold them."
--- */
SELECT
    resources.provider,
    resources.scope_id,
    max(scopes.name) AS scope,
    resources.type,
    count(*) AS resources,
    count(DISTINCT resources.region) AS regions
FROM inventory.resources AS resources
LEFT JOIN inventory.scopes AS scopes
    ON scopes.provider = resources.provider AND scopes.scope_id = resources.scope_id
WHERE coalesce(getvariable('provider'), '') IN ('', resources.provider)
    AND coalesce(getvariable('scope'), '') IN ('', resources.scope_id)
GROUP BY resources.provider, resources.scope_id, resources.type
ORDER BY resources.provider, resources.scope_id, count(*) DESC, resources.type;
