/* ---
title = "Notification channel works"
description = """
A channel that is off, or was never verified, reaches nobody. Channels that need no verification pass when they are
on.
"""
tables = ["inventory.resources"]

[check]
control = "LG-04"
criteria = ["CC7.2", "CC7.3"]
provider = "gcp"
resource_type = "monitoring.googleapis.com/NotificationChannel"
--- */
WITH channels AS (
    SELECT
        resource_key,
        (config ->> '$.enabled') = 'false' AS is_off,
        coalesce(config ->> '$.verificationStatus', 'not needed') AS verification
    FROM inventory.resources
    WHERE type = 'monitoring.googleapis.com/NotificationChannel'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'fail'
        WHEN verification = 'UNVERIFIED' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        WHEN verification = 'UNVERIFIED' THEN 'not verified'
        ELSE 'on, verification ' || lower(verification)
    END AS reason
FROM channels
ORDER BY resource_key;
