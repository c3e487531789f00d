/* ---
title = "Machine image is not public"
description = """
Everybody could start a public image and read what it holds.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::EC2::Image"
--- */
WITH settings AS (
    SELECT
        resource_key,
        (config ->> '$.Public') = 'true' AS is_public
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Image'
)
SELECT
    resource_key,
    CASE
        WHEN is_public THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_public THEN 'everybody may use it'
        ELSE 'not public'
    END AS reason
FROM settings
ORDER BY resource_key;
