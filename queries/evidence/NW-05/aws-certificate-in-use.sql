/* ---
title = "Certificate is in use or removed"
description = """
A certificate that nothing uses is a leftover: its renewals, its validation records and its name stay behind.
"""
tables = ["inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6", "CC6.7"]
provider = "aws"
resource_type = "AWS::CertificateManager::Certificate"
--- */
WITH certificates AS (
    SELECT resource_key, config ->> '$.InUse' AS in_use
    FROM inventory.resources
    WHERE type = 'AWS::CertificateManager::Certificate'
)

SELECT
    resource_key,
    CASE in_use WHEN 'true' THEN 'pass' WHEN 'false' THEN 'fail' ELSE 'unknown' END AS status,
    CASE in_use
        WHEN 'true' THEN 'used by a service'
        WHEN 'false' THEN 'used by nothing'
        ELSE 'whether it is used is not known'
    END AS reason
FROM certificates
ORDER BY resource_key;
