/* ---
title = "Volume is in use"
description = """
Disks that nothing uses hold data that nobody watches or deletes.
"""
tables = ["inventory.resources"]

[check]
control = "DP-07"
criteria = ["CC6.5", "C1.2"]
provider = "aws"
resource_type = "AWS::EC2::Volume"
--- */
WITH disks AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.State', '') = 'available' AS is_free
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Volume'
)
SELECT
    resource_key,
    CASE
        WHEN is_free THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_free THEN 'attached to nothing'
        ELSE 'in use'
    END AS reason
FROM disks
ORDER BY resource_key;
