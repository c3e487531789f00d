/* ---
title = "Trail shows whether its files were changed"
description = """
Digests prove that the files are those that were written.
"""
tables = ["inventory.resources"]

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::CloudTrail::Trail"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.LogFileValidationEnabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::CloudTrail::Trail'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'validation on'
        ELSE 'validation off'
    END AS reason
FROM settings
ORDER BY resource_key;
