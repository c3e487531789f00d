/* ---
title = "Spanner database cannot be dropped by mistake"
description = """
Drop protection refuses to drop a database until somebody takes it off. The API leaves a false out.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "gcp"
resource_type = "spanner.googleapis.com/Database"
--- */
WITH databases AS (
    SELECT
        resource_key,
        coalesce(CAST(config ->> '$.enableDropProtection' AS BOOLEAN), false) AS is_protected
    FROM inventory.resources
    WHERE type = 'spanner.googleapis.com/Database'
)
SELECT
    resource_key,
    CASE
        WHEN is_protected THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_protected THEN 'drop protection is on'
        ELSE 'drop protection is off'
    END AS reason
FROM databases
ORDER BY resource_key;
