/* ---
title = "Threat detection watches running machines and containers"
description = """
Processes, files and connections of workloads are watched while they run. Looks at the runtime monitoring feature of
each detector.
"""
tables = ["inventory.resources"]

[check]
control = "MW-01"
criteria = ["CC6.8"]
provider = "aws"
resource_type = "AWS::GuardDuty::Detector"
--- */
WITH detectors AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetDetector') OR NOT json_exists(config, '$.GetDetector') AS is_unread,
        coalesce(config ->> '$.GetDetector.Status', '') = 'ENABLED' AS is_on,
        len(list_filter(
            json_extract(config, '$.GetDetector.Features[*]'),
            lambda feature: (feature ->> '$.Name') = 'RUNTIME_MONITORING' AND (feature ->> '$.Status') = 'ENABLED'
        )) > 0 AS has_feature
    FROM inventory.resources
    WHERE type = 'AWS::GuardDuty::Detector'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN NOT is_on THEN 'fail'
        WHEN has_feature THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the detector could not be read'
        WHEN NOT is_on THEN 'the detector is off'
        WHEN has_feature THEN 'runtime monitoring on'
        ELSE 'runtime monitoring off'
    END AS reason
FROM detectors
ORDER BY resource_key;
