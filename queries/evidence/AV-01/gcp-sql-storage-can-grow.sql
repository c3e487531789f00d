/* ---
title = "Cloud SQL storage can grow by itself"
description = """
A full disk stops a database. Automatic storage increase has to be on.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        CAST(config ->> '$.settings.storageAutoResize' AS BOOLEAN) AS grows
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN grows IS NULL THEN 'unknown'
        WHEN grows THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN grows IS NULL THEN 'storage increase is not in the answer'
        WHEN grows THEN 'grows by itself'
        ELSE 'fixed size'
    END AS reason
FROM instances
ORDER BY resource_key;
