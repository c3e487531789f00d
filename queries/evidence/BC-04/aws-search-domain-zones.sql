/* ---
title = "Search domain spans zones"
description = """
With zone awareness the shards of an OpenSearch domain are spread over zones. The answer leaves a false out, so absent
counts as off.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::OpenSearchService::Domain"
--- */
WITH domains AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDomain') OR NOT json_exists(config, '$.DescribeDomain') AS is_unread,
        coalesce(CAST(config ->> '$.DescribeDomain.DomainStatus.ClusterConfig.ZoneAwarenessEnabled' AS BOOLEAN), false)
            AS is_zone_aware
    FROM inventory.resources
    WHERE type = 'AWS::OpenSearchService::Domain'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_zone_aware THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the domain could not be read'
        WHEN is_zone_aware THEN 'spread over zones'
        ELSE 'one zone only'
    END AS reason
FROM domains
ORDER BY resource_key;
