/* ---
title = "Database takes up minor versions by itself"
description = """
Fixes of the engine come with minor versions. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.AutoMinorVersionUpgrade', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'takes up minor versions'
        ELSE 'minor versions wait for somebody'
    END AS reason
FROM settings
ORDER BY resource_key;
