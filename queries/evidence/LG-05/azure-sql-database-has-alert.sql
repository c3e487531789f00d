/* ---
title = "Database has an alert"
description = """
Somebody is told before the database is full or stuck. Passes where an enabled metric alert covers the database, its
server or its resource group; the system database master is left out.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.sql/servers/databases"
--- */
WITH databases AS (
    SELECT
        databases.resource_key,
        ends_with(databases.resource_key, '/databases/master') AS is_system,
        (
            SELECT count(*)
            FROM inventory.resources AS alerts
            WHERE alerts.type = 'microsoft.insights/metricalerts'
                AND coalesce(alerts.config ->> '$.properties.enabled', 'true') = 'true'
                AND len(list_filter(
                    json_extract_string(alerts.config, '$.properties.scopes[*]'),
                    lambda target: starts_with(databases.resource_key || '/', lower(target) || '/')
                )) > 0
        ) AS alerts,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.scope_id IN (databases.scope_id, '*')
                AND gaps.type IN ('microsoft.insights/metricalerts', '*')
        ) AS is_hidden
    FROM inventory.resources AS databases
    WHERE databases.type = 'microsoft.sql/servers/databases'
)
SELECT
    resource_key,
    CASE
        WHEN is_system THEN 'not_applicable'
        WHEN alerts > 0 THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_system THEN 'a system database'
        WHEN alerts > 0 THEN alerts || ' alerts'
        WHEN is_hidden THEN 'not found, and alerts could not all be listed'
        ELSE 'no alert'
    END AS reason
FROM databases
ORDER BY resource_key;
