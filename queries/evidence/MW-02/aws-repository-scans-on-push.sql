/* ---
title = "Image repository scans what is pushed"
description = """
Known weaknesses are found before an image runs. Looks at the scan setting of the repository; a scan rule of the
whole registry is not looked at.
"""
tables = ["inventory.resources"]

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "aws"
resource_type = "AWS::ECR::Repository"
--- */
WITH repositories AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.imageScanningConfiguration.scanOnPush', 'false') = 'true' AS scans
    FROM inventory.resources
    WHERE type = 'AWS::ECR::Repository'
)
SELECT
    resource_key,
    CASE
        WHEN scans THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN scans THEN 'scanned on push'
        ELSE 'not scanned on push'
    END AS reason
FROM repositories
ORDER BY resource_key;
