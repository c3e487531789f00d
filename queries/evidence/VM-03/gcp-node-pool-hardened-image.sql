/* ---
title = "Node pool runs the hardened image"
description = """
Container-Optimized OS is kept small and updated by Google.
"""
tables = ["inventory.resources"]

[check]
control = "VM-03"
criteria = ["CC7.1", "CC5.2"]
provider = "gcp"
resource_type = "container.googleapis.com/NodePool"
--- */
WITH pools AS (
    SELECT
        resource_key,
        upper(coalesce(config ->> '$.config.imageType', 'not stated')) AS image_type
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/NodePool'
)
SELECT
    resource_key,
    CASE
        WHEN starts_with(image_type, 'COS') THEN 'pass'
        WHEN image_type = 'NOT STATED' THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN starts_with(image_type, 'COS') THEN 'image ' || lower(image_type)
        WHEN image_type = 'NOT STATED' THEN 'no image is stated'
        ELSE 'image ' || lower(image_type)
    END AS reason
FROM pools
ORDER BY resource_key;
