/* ---
title = "Recommendation of high severity is met"
description = """
Defender compares every resource with the benchmark. Looks at assessments of high severity; all others are left out.
"""
tables = ["inventory.resources"]

[check]
control = "MN-02"
criteria = ["CC4.1", "CC7.1"]
provider = "azure"
resource_type = "microsoft.security/assessments"
--- */
WITH assessments AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        config ->> '$.properties.metadata.severity' AS severity,
        coalesce(config ->> '$.properties.displayName', 'recommendation') AS title,
        coalesce(config ->> '$.properties.status.code', 'not stated') AS code
    FROM inventory.resources
    WHERE type = 'microsoft.security/assessments'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN severity IS NULL THEN 'unknown'
        WHEN severity <> 'High' THEN 'not_applicable'
        WHEN code = 'NotApplicable' THEN 'not_applicable'
        WHEN code = 'Healthy' THEN 'pass'
        WHEN code = 'Unhealthy' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN severity IS NULL THEN 'no severity is stated'
        WHEN severity <> 'High' THEN lower(severity) || ' severity'
        WHEN code = 'NotApplicable' THEN 'does not apply here'
        WHEN code = 'Healthy' THEN title
        WHEN code = 'Unhealthy' THEN title
        ELSE 'status is ' || code
    END AS reason
FROM assessments
ORDER BY resource_key;
