/* ---
title = "Project has an alert"
description = """
Somebody is told when a measure leaves its range. Passes with an enabled alert policy.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
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
                AND resources.type = 'monitoring.googleapis.com/AlertPolicy'
                AND coalesce(resources.config ->> '$.enabled', 'true') = 'true'
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'gcp'
                AND gaps.scope_id IN (scopes.scope_id, '*')
                AND (
                    gaps.type IN ('monitoring.googleapis.com/AlertPolicy', '*')
                    OR starts_with(gaps.type, 'monitoring.googleapis.com/AlertPolicy#')
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
        WHEN is_found THEN 'an alert policy is on'
        WHEN is_hidden THEN 'not found, and not everything could be seen'
        ELSE 'no alert policy is on'
    END AS reason
FROM scopes
ORDER BY resource_key;
