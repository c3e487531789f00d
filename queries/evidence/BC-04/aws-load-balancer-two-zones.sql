/* ---
title = "Load balancer has nodes in two zones"
description = """
A load balancer with a subnet in one zone only goes down with it.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::ElasticLoadBalancingV2::LoadBalancer"
--- */
WITH balancers AS (
    SELECT
        resource_key,
        coalesce(json_array_length(config, '$.AvailabilityZones'), 0) AS zones
    FROM inventory.resources
    WHERE type = 'AWS::ElasticLoadBalancingV2::LoadBalancer'
)
SELECT
    resource_key,
    CASE
        WHEN zones = 0 THEN 'unknown'
        WHEN zones >= 2 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN zones = 0 THEN 'zones are not in the answer'
        WHEN zones >= 2 THEN 'zones: ' || zones
        ELSE 'one zone only'
    END AS reason
FROM balancers
ORDER BY resource_key;
