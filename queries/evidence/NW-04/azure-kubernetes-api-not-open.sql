/* ---
title = "Kubernetes API is not open to the internet"
description = """
The API of a cluster administers everything in it. Its endpoint is to be private, or public for named addresses only.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(config ->> '$.properties.apiServerAccessProfile.enablePrivateCluster', 'false') AS is_private,
        coalesce(
            json_extract_string(config, '$.properties.apiServerAccessProfile.authorizedIPRanges[*]'), []
        ) AS ranges
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_private = 'true' THEN 'pass'
        WHEN len(ranges) > 0 AND NOT list_contains(ranges, '0.0.0.0/0') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN is_private = 'true' THEN 'private endpoint'
        WHEN len(ranges) > 0 THEN 'public endpoint for ' || array_to_string(ranges, ', ')
        ELSE 'public endpoint without a limit'
    END AS reason
FROM resources
ORDER BY resource_key;
