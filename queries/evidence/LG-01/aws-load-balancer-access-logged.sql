/* ---
title = "Load balancer records requests"
description = """
Access logs tell who asked for what. Gateway load balancers have none and are left out.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::ElasticLoadBalancingV2::LoadBalancer"
--- */
WITH balancers AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.Type', 'application') AS balancer_type,
        list_contains(unread, 'DescribeLoadBalancerAttributes')
            OR NOT json_exists(config, '$.DescribeLoadBalancerAttributes') AS is_unread,
        len(list_filter(
            json_extract(config, '$.DescribeLoadBalancerAttributes.Attributes[*]'),
            lambda attribute: (attribute ->> '$.Key') = 'access_logs.s3.enabled'
                AND (attribute ->> '$.Value') = 'true'
        )) > 0 AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::ElasticLoadBalancingV2::LoadBalancer'
)
SELECT
    resource_key,
    CASE
        WHEN balancer_type = 'gateway' THEN 'not_applicable'
        WHEN is_unread THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN balancer_type = 'gateway' THEN 'gateway load balancers have no access log'
        WHEN is_unread THEN 'the attributes could not be read'
        WHEN is_on THEN 'access log on'
        ELSE 'access log off'
    END AS reason
FROM balancers
ORDER BY resource_key;
