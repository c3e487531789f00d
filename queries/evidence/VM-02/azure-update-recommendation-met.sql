/* ---
title = "Recommendation about updates is met"
description = """
Defender says per machine whether updates are missing. Looks at assessments that name updates or vulnerabilities;
all others are left out.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "azure"
resource_type = "microsoft.security/assessments"
--- */
WITH assessments AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.displayName', '') AS title,
        coalesce(config ->> '$.properties.status.code', 'not stated') AS code
    FROM inventory.resources
    WHERE type = 'microsoft.security/assessments'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN NOT regexp_matches(title, '(?i)update|vulnerabilit|patch') THEN 'not_applicable'
        WHEN code = 'NotApplicable' THEN 'not_applicable'
        WHEN code = 'Healthy' THEN 'pass'
        WHEN code = 'Unhealthy' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN NOT regexp_matches(title, '(?i)update|vulnerabilit|patch') THEN 'not about updates'
        WHEN code = 'NotApplicable' THEN 'does not apply here'
        WHEN code = 'Healthy' THEN 'healthy'
        WHEN code = 'Unhealthy' THEN title
        ELSE 'status is ' || code
    END AS reason
FROM assessments
ORDER BY resource_key;
