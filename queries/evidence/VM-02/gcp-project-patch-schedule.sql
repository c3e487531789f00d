/* ---
title = "Project patches its machines on a schedule"
description = """
Looks for an active patch deployment in each project. Projects are asked whether they have machines or not.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "gcp"
resource_type = "scope"
--- */
WITH scopes AS (
    SELECT
        scopes.scope_id AS resource_key,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS resources
            WHERE resources.scope_id = scopes.scope_id
                AND resources.type = 'osconfig.googleapis.com/PatchDeployment'
                AND coalesce(resources.config ->> '$.state', 'ACTIVE') = 'ACTIVE'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'gcp'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('osconfig.googleapis.com/PatchDeployment', '*')
                    OR starts_with(gaps.type, 'osconfig.googleapis.com/PatchDeployment#')
                )
        ) AS is_hidden
    FROM inventory.scopes AS scopes
    WHERE scopes.provider = 'gcp' AND scopes.kind = 'project' AND scopes.status IN ('active', 'enabled')
)
SELECT
    resource_key,
    CASE
        WHEN is_found THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_found THEN 'an active patch deployment'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'no active patch deployment'
    END AS reason
FROM scopes
ORDER BY resource_key;
