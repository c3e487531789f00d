/* ---
title = "Image repository keeps tags as they are"
description = """
A tag that cannot move names the image that was approved. Repositories of other formats, remote and virtual ones are
left out.
"""
tables = ["inventory.resources"]

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "gcp"
resource_type = "artifactregistry.googleapis.com/Repository"
--- */
WITH repositories AS (
    SELECT
        resource_key,
        (config ->> '$.format') = 'DOCKER'
            AND coalesce(config ->> '$.mode', 'STANDARD_REPOSITORY') = 'STANDARD_REPOSITORY' AS is_own_docker,
        coalesce(config ->> '$.dockerConfig.immutableTags', 'false') = 'true' AS is_immutable
    FROM inventory.resources
    WHERE type = 'artifactregistry.googleapis.com/Repository'
)
SELECT
    resource_key,
    CASE
        WHEN NOT is_own_docker THEN 'not_applicable'
        WHEN is_immutable THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_own_docker THEN 'no image repository of our own'
        WHEN is_immutable THEN 'tags cannot move'
        ELSE 'tags can move'
    END AS reason
FROM repositories
ORDER BY resource_key;
