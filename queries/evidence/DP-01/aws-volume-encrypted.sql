/* ---
title = "Volume is encrypted"
description = """
A disk that leaves the data centre or is copied gives nothing away. Looks at the encryption flag of each volume.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::EC2::Volume"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.Encrypted', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Volume'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'encrypted'
        ELSE 'not encrypted'
    END AS reason
FROM settings
ORDER BY resource_key;
