/* ---
title = "Search domain lies in a private network"
description = """
A domain outside a network of ours has a public address, and only its policy keeps others out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::OpenSearchService::Domain"
--- */
WITH domains AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDomain') OR NOT json_exists(config, '$.DescribeDomain') AS is_unread,
        config ->> '$.DescribeDomain.DomainStatus.VPCOptions.VPCId' AS vpc
    FROM inventory.resources
    WHERE type = 'AWS::OpenSearchService::Domain'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN vpc IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the domain could not be read'
        WHEN vpc IS NULL THEN 'public address'
        ELSE 'in ' || vpc
    END AS reason
FROM domains
ORDER BY resource_key;
