/* ---
title = "Functions are scanned for weaknesses"
description = """
Known weaknesses are looked for all the time. Looks at what the scanner covers, per account and region.
"""
tables = ["inventory.resources"]

[check]
control = "VM-01"
criteria = ["CC7.1"]
provider = "aws"
resource_type = "AWS::InspectorV2::AccountStatus"
--- */
WITH accounts AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.resourceState.lambda.status', 'not stated') AS scan_status
    FROM inventory.resources
    WHERE type = 'AWS::InspectorV2::AccountStatus'
)
SELECT
    resource_key,
    CASE
        WHEN scan_status IN ('ENABLED', 'ENABLING') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN scan_status IN ('ENABLED', 'ENABLING') THEN 'scanning of functions is ' || lower(scan_status)
        ELSE 'scanning of functions is ' || lower(scan_status)
    END AS reason
FROM accounts
ORDER BY resource_key;
