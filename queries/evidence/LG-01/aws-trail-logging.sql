/* ---
title = "Trail is recording"
description = """
A trail that is stopped records nothing. Looks at the status of each trail.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::CloudTrail::Trail"
--- */
WITH trails AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetTrailStatus') OR NOT json_exists(config, '$.GetTrailStatus') AS is_unread,
        coalesce(config ->> '$.GetTrailStatus.IsLogging', 'false') = 'true' AS is_logging
    FROM inventory.resources
    WHERE type = 'AWS::CloudTrail::Trail'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_logging THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the status could not be read'
        WHEN is_logging THEN 'recording'
        ELSE 'stopped'
    END AS reason
FROM trails
ORDER BY resource_key;
