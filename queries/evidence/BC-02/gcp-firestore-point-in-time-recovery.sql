/* ---
title = "Firestore database can be brought back to any moment"
description = """
Without point-in-time recovery Firestore keeps earlier versions for an hour only.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "firestore.googleapis.com/Database"
--- */
WITH databases AS (
    SELECT
        resource_key,
        config ->> '$.pointInTimeRecoveryEnablement' AS recovery
    FROM inventory.resources
    WHERE type = 'firestore.googleapis.com/Database'
)
SELECT
    resource_key,
    CASE
        WHEN recovery IS NULL THEN 'unknown'
        WHEN recovery = 'POINT_IN_TIME_RECOVERY_ENABLED' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN recovery IS NULL THEN 'recovery is not in the answer'
        WHEN recovery = 'POINT_IN_TIME_RECOVERY_ENABLED' THEN 'point-in-time recovery is on'
        ELSE 'point-in-time recovery is off'
    END AS reason
FROM databases
ORDER BY resource_key;
