/* ---
title = "Name in DNS leads to a resource that is there"
description = """
A record that points to a distribution or load balancer that is gone can be taken over by whoever gets that name next.
Records with targets elsewhere are left out.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6", "CC6.7"]
provider = "aws"
resource_type = "AWS::Route53::RecordSet"
--- */
WITH targets AS (
    SELECT
        resource_key,
        lower(rtrim(regexp_replace(
            coalesce(config ->> '$.AliasTarget.DNSName', config ->> '$.ResourceRecords[0].Value', ''),
            '^dualstack\.',
            ''
        ), '.')) AS target
    FROM inventory.resources
    WHERE type = 'AWS::Route53::RecordSet' AND (config ->> '$.Type') IN ('A', 'AAAA', 'CNAME')
),

own_names AS (
    SELECT lower(coalesce(config ->> '$.DomainName', config ->> '$.DNSName')) AS own_name
    FROM inventory.resources
    WHERE type IN ('AWS::CloudFront::Distribution', 'AWS::ElasticLoadBalancingV2::LoadBalancer')
),

gaps AS (
    SELECT count(*) AS unseen
    FROM inventory.gaps
    WHERE provider = 'aws'
        AND type IN ('AWS::CloudFront::Distribution', 'AWS::ElasticLoadBalancingV2::LoadBalancer', '*')
),

records AS (
    SELECT
        resources.resource_key,
        coalesce(targets.target, '') AS target,
        regexp_matches(coalesce(targets.target, ''), '(\.cloudfront\.net|\.elb\.amazonaws\.com)$') AS is_watched,
        targets.target IN (SELECT own_names.own_name FROM own_names WHERE own_names.own_name IS NOT NULL) AS is_ours,
        gaps.unseen
    FROM inventory.resources AS resources
    LEFT JOIN targets ON targets.resource_key = resources.resource_key
    CROSS JOIN gaps
    WHERE resources.type = 'AWS::Route53::RecordSet'
)

SELECT
    resource_key,
    CASE
        WHEN NOT is_watched THEN 'not_applicable'
        WHEN is_ours THEN 'pass'
        WHEN unseen > 0 THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_watched THEN 'does not lead to a distribution or load balancer'
        WHEN is_ours THEN 'leads to our ' || target
        WHEN unseen > 0 THEN 'not every place of ' || target || ' could be read'
        ELSE 'nothing of ours is behind ' || target
    END AS reason
FROM records
ORDER BY resource_key;
