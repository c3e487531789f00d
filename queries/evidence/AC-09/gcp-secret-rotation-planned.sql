/* ---
title = "Secret has a date for its next change"
description = """
Secret Manager tells the owner when a secret is due only where a rotation period is set, or the secret ends by itself.
Google leaves both out where they are not set.
"""
tables = ["inventory.resources"]

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "secretmanager.googleapis.com/Secret"
--- */
WITH secrets AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.rotation.rotationPeriod', config ->> '$.rotation.nextRotationTime') AS rotation,
        coalesce(config ->> '$.expireTime', config ->> '$.ttl') AS ending
    FROM inventory.resources
    WHERE type = 'secretmanager.googleapis.com/Secret'
)

SELECT
    resource_key,
    CASE WHEN rotation IS NOT NULL OR ending IS NOT NULL THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN rotation IS NOT NULL THEN 'rotation: ' || rotation
        WHEN ending IS NOT NULL THEN 'ends: ' || ending
        ELSE 'no rotation and no end'
    END AS reason
FROM secrets
ORDER BY resource_key;
