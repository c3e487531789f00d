/* ---
title = "Distribution serves HTTPS only"
description = """
Viewers reach every path of a distribution over HTTPS, or are redirected to it. Looks at the default and at every
other cache behaviour.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::CloudFront::Distribution"
--- */
WITH distributions AS (
    SELECT
        resource_key,
        len(list_filter(
            list_concat(
                json_extract(config, '$.CacheBehaviors.Items[*].ViewerProtocolPolicy'),
                [json_extract(config, '$.DefaultCacheBehavior.ViewerProtocolPolicy')]
            ),
            lambda policy: (policy ->> '$') = 'allow-all'
        )) AS open_behaviours
    FROM inventory.resources
    WHERE type = 'AWS::CloudFront::Distribution'
)
SELECT
    resource_key,
    CASE
        WHEN open_behaviours > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN open_behaviours > 0 THEN open_behaviours || ' behaviours allow plain HTTP'
        ELSE 'HTTPS only or redirected'
    END AS reason
FROM distributions
ORDER BY resource_key;
