/* ---
title = "Kubernetes API is not open to the internet"
description = """
The API of a cluster administers everything in it. Its endpoint is to be private, or public for named networks only.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.privateClusterConfig.enablePrivateEndpoint', 'false') = 'true'
            OR coalesce(
                config ->> '$.controlPlaneEndpointsConfig.ipEndpointsConfig.enablePublicEndpoint', 'true'
            ) = 'false' AS is_private,
        coalesce(config ->> '$.masterAuthorizedNetworksConfig.enabled', 'false') = 'true' AS is_limited,
        coalesce(
            json_extract_string(config, '$.masterAuthorizedNetworksConfig.cidrBlocks[*].cidrBlock'), []
        ) AS ranges
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)

SELECT
    resource_key,
    CASE
        WHEN is_private OR (is_limited AND NOT list_contains(ranges, '0.0.0.0/0')) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_private THEN 'private endpoint only'
        WHEN is_limited THEN 'public endpoint for ' || array_to_string(ranges, ', ')
        ELSE 'public endpoint without a limit'
    END AS reason
FROM clusters
ORDER BY resource_key;
