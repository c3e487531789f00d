/* ---
title = "Machine does not forward traffic of others"
description = """
A machine that forwards packets joins networks past every firewall between them.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Instance"
--- */
WITH machines AS (
    SELECT
        resource_key,
        starts_with(config ->> '$.name', 'gke-') AS is_node,
        coalesce(config ->> '$.canIpForward', 'false') AS forwards
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Instance'
)

SELECT
    resource_key,
    CASE WHEN is_node THEN 'not_applicable' WHEN forwards = 'true' THEN 'fail' ELSE 'pass' END AS status,
    CASE
        WHEN is_node THEN 'node of a cluster'
        WHEN forwards = 'true' THEN 'may forward'
        ELSE 'may not forward'
    END AS reason
FROM machines
ORDER BY resource_key;
