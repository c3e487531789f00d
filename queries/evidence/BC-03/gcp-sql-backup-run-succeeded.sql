/* ---
title = "Backup run ended well"
description = """
Only a backup that ended well can be restored. Runs that are under way, skipped or already deleted have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-03"
criteria = ["A1.2", "CC7.5"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/BackupRun"
--- */
WITH runs AS (
    SELECT
        resource_key,
        config ->> '$.status' AS state,
        config ->> '$.endTime' AS ended_at
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/BackupRun'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state = 'SUCCESSFUL' THEN 'pass'
        WHEN state IN ('FAILED', 'DELETION_FAILED') THEN 'fail'
        ELSE 'not_applicable'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state = 'SUCCESSFUL' THEN 'ended well' || coalesce(' at ' || ended_at, '')
        WHEN state IN ('FAILED', 'DELETION_FAILED') THEN 'state ' || state
        ELSE 'state ' || state
    END AS reason
FROM runs
ORDER BY resource_key;
