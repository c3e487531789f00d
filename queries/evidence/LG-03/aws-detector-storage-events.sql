/* ---
title = "Threat detection watches access to storage"
description = """
Odd reads of buckets raise findings. Looks at the feature for S3 data events.
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
        coalesce(config ->> '$.GetDetector.Status', '') = 'ENABLED' AS is_on,
        len(list_filter(
            json_extract(config, '$.GetDetector.Features[*]'),
            lambda feature: (feature ->> '$.Name') = 'S3_DATA_EVENTS' AND (feature ->> '$.Status') = 'ENABLED'
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
        WHEN has_feature THEN 'storage events are watched'
        ELSE 'storage events are not watched'
    END AS reason
FROM detectors
ORDER BY resource_key;
