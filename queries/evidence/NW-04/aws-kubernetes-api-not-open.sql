/* ---
title = "Kubernetes API is not open to the internet"
description = """
The API of a cluster administers everything in it. Its endpoint is to be private, or public for named addresses only.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EKS::Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'DescribeCluster'), false)
            OR NOT json_exists(config, '$.DescribeCluster') AS is_unread,
        config ->> '$.DescribeCluster.cluster.resourcesVpcConfig.endpointPublicAccess' AS is_public,
        json_extract_string(
            config, '$.DescribeCluster.cluster.resourcesVpcConfig.publicAccessCidrs[*]'
        ) AS ranges
    FROM inventory.resources
    WHERE type = 'AWS::EKS::Cluster'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread OR is_public IS NULL THEN 'unknown'
        WHEN is_public = 'false' THEN 'pass'
        WHEN len(ranges) = 0 OR list_has_any(ranges, ['0.0.0.0/0', '::/0']) THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread OR is_public IS NULL THEN 'cluster could not be read'
        WHEN is_public = 'false' THEN 'private endpoint only'
        WHEN len(ranges) = 0 THEN 'public endpoint without a limit'
        ELSE 'public endpoint for ' || array_to_string(ranges, ', ')
    END AS reason
FROM clusters
ORDER BY resource_key;
