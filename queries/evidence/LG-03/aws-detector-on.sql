/* ---
title = "Threat detection is on"
description = """
A detector that is suspended sees nothing.
"""
tables = ["inventory.resources"]

[check]
control = "LG-03"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::GuardDuty::Detector"
--- */
WITH detectors AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetDetector') OR NOT json_exists(config, '$.GetDetector') AS is_unread,
        coalesce(config ->> '$.GetDetector.Status', 'not stated') AS detector_status
    FROM inventory.resources
    WHERE type = 'AWS::GuardDuty::Detector'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN detector_status = 'ENABLED' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the detector could not be read'
        WHEN detector_status = 'ENABLED' THEN 'on'
        ELSE 'the detector is ' || lower(detector_status)
    END AS reason
FROM detectors
ORDER BY resource_key;
