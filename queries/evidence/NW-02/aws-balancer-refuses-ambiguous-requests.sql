/* ---
title = "Load balancer refuses requests that can be read in two ways"
description = """
Desync mitigation in monitor mode lets every ambiguous request through to the application; defensive or strictest stop
them.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::ElasticLoadBalancingV2::LoadBalancer"
--- */
WITH balancers AS (
    SELECT
        resource_key,
        config ->> '$.Type' AS kind,
        coalesce(list_contains(unread, 'DescribeLoadBalancerAttributes'), false)
            OR NOT json_exists(config, '$.DescribeLoadBalancerAttributes') AS is_unread,
        list_filter(
            json_extract(config, '$.DescribeLoadBalancerAttributes.Attributes[*]'),
            lambda attribute: (attribute ->> '$.Key') = 'routing.http.desync_mitigation_mode'
        )[1] ->> '$.Value' AS setting
    FROM inventory.resources
    WHERE type = 'AWS::ElasticLoadBalancingV2::LoadBalancer'
)

SELECT
    resource_key,
    CASE
        WHEN kind <> 'application' THEN 'not_applicable'
        WHEN is_unread OR setting IS NULL THEN 'unknown'
        WHEN setting IN ('defensive', 'strictest') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN kind <> 'application' THEN kind || ' load balancer'
        WHEN is_unread OR setting IS NULL THEN 'attribute could not be read'
        ELSE 'routing.http.desync_mitigation_mode is ' || setting
    END AS reason
FROM balancers
ORDER BY resource_key;
