/* ---
title = "Scheduled job is on and tried again when it fails"
description = """
A job by the clock that is paused, or that is given up after one try, leaves its period unprocessed. The API leaves
the number of retries out where it is zero.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "gcp"
resource_type = "cloudscheduler.googleapis.com/Job"
--- */
WITH jobs AS (
    SELECT
        resource_key,
        config ->> '$.state' AS state,
        coalesce(CAST(config ->> '$.retryConfig.retryCount' AS INTEGER), 0) AS retries
    FROM inventory.resources
    WHERE type = 'cloudscheduler.googleapis.com/Job'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state <> 'ENABLED' THEN 'fail'
        WHEN retries > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state <> 'ENABLED' THEN 'state ' || state
        WHEN retries > 0 THEN 'tried again up to ' || retries || ' times'
        ELSE 'given up after one try'
    END AS reason
FROM jobs
ORDER BY resource_key;
