/* ---
title = "Nothing in the scope admits everybody"
description = """
A policy that names everybody as its principal gives access to the whole internet, and belongs to no vendor that could
be asked about it. Looks at policies in every account, subscription, project and tenant.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes", "parties.exposures"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.6"]
provider = "any"
resource_type = "scope"
--- */
WITH exposed AS (
    SELECT
        resources.provider,
        resources.scope_id,
        count(DISTINCT exposures.resource_key) AS resources,
        min(exposures.resource_key) AS example
    FROM parties.exposures AS exposures
    INNER JOIN inventory.resources AS resources ON resources.resource_key = exposures.resource_key
    WHERE exposures.kind IN ('public_principal')
    GROUP BY resources.provider, resources.scope_id
)
SELECT
    scopes.scope_id AS resource_key,
    CASE
        WHEN exposed.resources > 0 THEN 'fail'
        WHEN EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = scopes.provider AND gaps.scope_id IN (scopes.scope_id, '*')
        ) THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN exposed.resources > 0 THEN 'everybody is admitted: '
            || exposed.resources || ' resources, such as ' || exposed.example
        WHEN EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = scopes.provider AND gaps.scope_id IN (scopes.scope_id, '*')
        ) THEN 'part of it could not be read'
        ELSE 'none seen'
    END AS reason
FROM inventory.scopes AS scopes
LEFT JOIN exposed ON exposed.provider = scopes.provider AND exposed.scope_id = scopes.scope_id
WHERE scopes.kind IN ('account', 'tenant', 'subscription', 'project')
ORDER BY resource_key;
