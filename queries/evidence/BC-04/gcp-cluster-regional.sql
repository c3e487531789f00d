/* ---
title = "Kubernetes control plane is regional"
description = """
The control plane of a zonal cluster is away with its zone, and during every upgrade. A zone is told from a region by
the letter at its end.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        config ->> '$.location' AS location
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN location IS NULL THEN 'unknown'
        WHEN regexp_matches(location, '-[a-z]$') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN location IS NULL THEN 'the location is not in the answer'
        WHEN regexp_matches(location, '-[a-z]$') THEN 'zonal: ' || location
        ELSE 'regional: ' || location
    END AS reason
FROM clusters
ORDER BY resource_key;
