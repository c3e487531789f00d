/* ---
title = "Warehouse takes up new versions by itself"
description = """
Fixes come in the maintenance window. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "aws"
resource_type = "AWS::Redshift::Cluster"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.AllowVersionUpgrade', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::Redshift::Cluster'
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
