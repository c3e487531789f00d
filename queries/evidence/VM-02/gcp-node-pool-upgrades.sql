/* ---
title = "Node pool takes up new versions by itself"
description = """
Nodes get fixes with new versions. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "gcp"
resource_type = "container.googleapis.com/NodePool"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.management.autoUpgrade', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/NodePool'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'takes up new versions'
        ELSE 'new versions wait for somebody'
    END AS reason
FROM settings
ORDER BY resource_key;
