/* ---
title = "Instance group is regional"
description = """
A zonal group can't replace its machines when its zone is lost. The API names a region or a zone, never both.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "gcp"
resource_type = "compute.googleapis.com/InstanceGroupManager"
--- */
WITH instance_groups AS (
    SELECT
        resource_key,
        config ->> '$.region' AS region,
        config ->> '$.zone' AS zone,
        CAST(config ->> '$.targetSize' AS INTEGER) AS machines
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/InstanceGroupManager'
)
SELECT
    resource_key,
    CASE
        WHEN machines = 0 THEN 'not_applicable'
        WHEN region IS NOT NULL THEN 'pass'
        WHEN zone IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN machines = 0 THEN 'no machines'
        WHEN region IS NOT NULL THEN 'regional'
        WHEN zone IS NULL THEN 'the location is not in the answer'
        ELSE 'zonal, machines: ' || coalesce(machines, 0)
    END AS reason
FROM instance_groups
ORDER BY resource_key;
