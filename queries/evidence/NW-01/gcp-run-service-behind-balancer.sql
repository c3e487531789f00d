/* ---
title = "Service takes traffic from inside or through a load balancer only"
description = """
A service that takes traffic from everywhere has an address that no filter stands before. Ingress is to be internal,
or internal and load balancing; all is the default.
"""
tables = ["inventory.resources"]

[check]
control = "NW-01"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "run.googleapis.com/Service"
--- */
WITH services AS (
    SELECT
        resource_key,
        coalesce(
            config ->> '$.metadata.annotations."run.googleapis.com/ingress"', config ->> '$.ingress', 'all'
        ) AS ingress
    FROM inventory.resources
    WHERE type = 'run.googleapis.com/Service'
)

SELECT
    resource_key,
    CASE WHEN ingress IN ('all', 'INGRESS_TRAFFIC_ALL') THEN 'fail' ELSE 'pass' END AS status,
    'ingress is ' || ingress AS reason
FROM services
ORDER BY resource_key;
