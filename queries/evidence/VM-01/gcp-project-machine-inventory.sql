/* ---
title = "Project collects what its machines have installed"
description = """
The OS configuration service reports packages and their weaknesses. Looks for the service in each project.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "VM-01"
criteria = ["CC7.1"]
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
                AND resources.type = 'serviceusage.googleapis.com/Service'
                AND ends_with(resources.resource_key, '/services/osconfig.googleapis.com')
                AND (resources.config ->> '$.state') = 'ENABLED'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'gcp'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('serviceusage.googleapis.com/Service', '*')
                    OR starts_with(gaps.type, 'serviceusage.googleapis.com/Service#')
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
        WHEN is_found THEN 'the service is on'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'the service is off'
    END AS reason
FROM scopes
ORDER BY resource_key;
