/* ---
title = "Public application load balancer has a web ACL at hand in its region"
description = """
Which web ACL is bound to which load balancer is read in AWS WAF. A region of an account that serves the internet
through application load balancers and holds no web ACL at all protects none of them.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6", "A1.1"]
provider = "aws"
resource_type = "AWS::ElasticLoadBalancingV2::LoadBalancer"
--- */
WITH balancers AS (
    SELECT
        balancers.resource_key,
        balancers.config ->> '$.Type' AS kind,
        balancers.config ->> '$.Scheme' AS scheme,
        (
            SELECT min(firewalls.config ->> '$.Name')
            FROM inventory.resources AS firewalls
            WHERE firewalls.type = 'AWS::WAFv2::WebACL'
                AND firewalls.scope_id = balancers.scope_id
                AND firewalls.region = balancers.region
        ) AS web_acl,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.type IN ('AWS::WAFv2::WebACL', '*')
                AND gaps.scope_id IN (balancers.scope_id, '*')
                AND gaps.region IN (balancers.region, '*')
        ) AS is_gap
    FROM inventory.resources AS balancers
    WHERE balancers.type = 'AWS::ElasticLoadBalancingV2::LoadBalancer'
)

SELECT
    resource_key,
    CASE
        WHEN kind <> 'application' OR scheme <> 'internet-facing' THEN 'not_applicable'
        WHEN web_acl IS NOT NULL THEN 'pass'
        WHEN is_gap THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN kind <> 'application' OR scheme <> 'internet-facing' THEN kind || ' load balancer, ' || scheme
        WHEN web_acl IS NOT NULL THEN 'web ACL in the region: ' || web_acl
        WHEN is_gap THEN 'web ACLs could not be listed'
        ELSE 'no web ACL in the region'
    END AS reason
FROM balancers
ORDER BY resource_key;
