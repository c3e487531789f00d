/* ---
title = "Cloud SQL instance cannot be deleted by mistake"
description = """
Deletion protection refuses to delete an instance until somebody takes it off. The API leaves a false out.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        json_exists(config, '$.settings') AS is_answered,
        coalesce(CAST(config ->> '$.settings.deletionProtectionEnabled' AS BOOLEAN), false) AS is_protected
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN NOT is_answered THEN 'unknown'
        WHEN is_protected THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_answered THEN 'settings are not in the answer'
        WHEN is_protected THEN 'deletion protection is on'
        ELSE 'deletion protection is off'
    END AS reason
FROM instances
ORDER BY resource_key;
