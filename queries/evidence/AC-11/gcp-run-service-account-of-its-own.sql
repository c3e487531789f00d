/* ---
title = "Service acts with a service account of its own"
description = """
A service that names no account runs as the default account of Compute Engine, which every other one shares and which
is often an editor of the project.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "gcp"
resource_type = "run.googleapis.com/Service"
--- */
WITH services AS (
    SELECT
        resource_key,
        coalesce(
            config ->> '$.spec.template.spec.serviceAccountName', config ->> '$.template.serviceAccount'
        ) AS account
    FROM inventory.resources
    WHERE type = 'run.googleapis.com/Service'
)

SELECT
    resource_key,
    CASE
        WHEN account IS NULL OR account LIKE '%-compute@developer.gserviceaccount.com' THEN 'fail'
        ELSE 'pass'
    END AS status,
    coalesce('acts as ' || account, 'names no account and runs as the default one') AS reason
FROM services
ORDER BY resource_key;
