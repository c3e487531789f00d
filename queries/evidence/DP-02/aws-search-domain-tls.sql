/* ---
title = "Search domain takes TLS 1.2 and later only"
description = """
Queries and answers hold the records themselves. Looks at enforced HTTPS and the TLS policy of each OpenSearch
domain.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::OpenSearchService::Domain"
--- */
WITH domains AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDomain') OR NOT json_exists(config, '$.DescribeDomain') AS is_unread,
        coalesce(
            config ->> '$.DescribeDomain.DomainStatus.DomainEndpointOptions.EnforceHTTPS', 'false'
        ) = 'true' AS enforces_https,
        coalesce(config ->> '$.DescribeDomain.DomainStatus.DomainEndpointOptions.TLSSecurityPolicy', 'none') AS policy
    FROM inventory.resources
    WHERE type = 'AWS::OpenSearchService::Domain'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN NOT enforces_https THEN 'fail'
        WHEN contains(policy, '1-2') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the domain could not be read'
        WHEN NOT enforces_https THEN 'plain HTTP is accepted'
        WHEN contains(policy, '1-2') THEN 'HTTPS with ' || policy
        ELSE 'TLS policy ' || policy
    END AS reason
FROM domains
ORDER BY resource_key;
