/* ---
title = "Redis instance has a replica"
description = """
The basic tier of Memorystore has one node and loses its content with it.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "gcp"
resource_type = "redis.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.tier' AS tier
    FROM inventory.resources
    WHERE type = 'redis.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN tier IS NULL THEN 'unknown'
        WHEN tier = 'STANDARD_HA' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN tier IS NULL THEN 'the tier is not in the answer'
        WHEN tier = 'STANDARD_HA' THEN 'replicated'
        ELSE 'tier ' || tier
    END AS reason
FROM instances
ORDER BY resource_key;
