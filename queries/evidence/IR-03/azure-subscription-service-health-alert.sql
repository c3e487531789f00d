/* ---
title = "Subscription has an alert on service health"
description = """
Azure tells of its own incidents and security advisories through service health. An activity log alert on that
category that is on carries them to an action group.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "IR-03"
criteria = ["CC7.3", "CC7.4"]
provider = "azure"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS resources
    FROM inventory.resources
    WHERE
        type = 'microsoft.insights/activitylogalerts'
        AND coalesce(config ->> '$.properties.enabled', 'true') = 'true'
        AND CAST(config -> '$.properties.condition' AS VARCHAR) LIKE '%"ServiceHealth"%'
    GROUP BY scope_id
),
unseen AS (
    SELECT DISTINCT scope_id
    FROM inventory.gaps AS gaps
    WHERE gaps.provider = 'azure' AND gaps.type IN ('microsoft.insights/activitylogalerts', '*')
)
SELECT
    scopes.scope_id AS resource_key,
    CASE
        WHEN found.resources > 0 THEN 'pass'
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen) THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN found.resources > 0 THEN 'alerts on service health: ' || found.resources
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen)
            THEN 'could not be read'
        ELSE 'no alert on service health'
    END AS reason
FROM inventory.scopes AS scopes
LEFT JOIN found ON found.scope_id = scopes.scope_id
WHERE scopes.provider = 'azure' AND scopes.kind = 'subscription' AND scopes.status IN ('active', 'enabled')
ORDER BY resource_key;
