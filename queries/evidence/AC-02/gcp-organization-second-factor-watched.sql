/* ---
title = "Organization watches that nobody drops the second factor"
description = """
Whether 2-step verification is enforced is a setting of Cloud Identity, which the inventory does not hold. That people
drop it shows in the sign-in log (google.login.LoginService.2svDisable): a log measure or an alert that is on has to
look for it.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "AC-02"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "scope"
--- */
WITH RECURSIVE below (organization_id, scope_id) AS (
    SELECT scope_id, scope_id
    FROM inventory.scopes
    WHERE provider = 'gcp' AND kind = 'organization' AND status = 'active'
    UNION
    SELECT below.organization_id, scopes.scope_id
    FROM below
    INNER JOIN inventory.scopes AS scopes ON scopes.provider = 'gcp' AND scopes.parent_id = below.scope_id
),
watching AS (
    SELECT scope_id, name
    FROM inventory.resources
    WHERE (
        type = 'logging.googleapis.com/LogMetric'
        AND contains(config ->> '$.filter', '2svDisable')
        AND coalesce(config ->> '$.disabled', 'false') <> 'true'
    )
    OR (
        type = 'monitoring.googleapis.com/AlertPolicy'
        AND contains(config ->> '$.conditions', '2svDisable')
        AND coalesce(config ->> '$.enabled', 'true') <> 'false'
    )
),
unseen AS (
    SELECT scope_id
    FROM inventory.gaps
    WHERE provider = 'gcp'
        AND type IN ('logging.googleapis.com/LogMetric', 'monitoring.googleapis.com/AlertPolicy', '*')
),
judged AS (
    SELECT
        below.organization_id,
        count(watching.scope_id) AS matches,
        min(watching.name) AS example,
        count(unseen.scope_id) AS gaps
    FROM below
    LEFT JOIN watching ON watching.scope_id = below.scope_id
    LEFT JOIN unseen ON unseen.scope_id IN (below.scope_id, '*')
    GROUP BY below.organization_id
)
SELECT
    organization_id AS resource_key,
    CASE
        WHEN matches > 0 THEN 'pass'
        WHEN gaps > 0 THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN matches > 0 THEN 'watched by ' || coalesce(example, 'a measure without a name')
        WHEN gaps > 0 THEN 'measures and alerts could not be listed everywhere'
        ELSE 'no measure or alert looks for 2svDisable'
    END AS reason
FROM judged
ORDER BY resource_key;
