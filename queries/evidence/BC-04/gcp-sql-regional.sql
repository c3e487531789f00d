/* ---
title = "Cloud SQL instance has a standby in another zone"
description = """
A regional instance fails over to a second zone. Read replicas have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.instanceType' = 'READ_REPLICA_INSTANCE' AS is_replica,
        config ->> '$.settings.availabilityType' AS availability
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN is_replica THEN 'not_applicable'
        WHEN availability IS NULL THEN 'unknown'
        WHEN availability = 'REGIONAL' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_replica THEN 'a read replica'
        WHEN availability IS NULL THEN 'availability is not in the answer'
        WHEN availability = 'REGIONAL' THEN 'regional'
        ELSE 'availability ' || availability
    END AS reason
FROM instances
ORDER BY resource_key;
