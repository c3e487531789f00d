/* ---
title = "Table can be brought back to any moment"
description = """
Point-in-time recovery keeps a DynamoDB table's changes of the last weeks, so that a bad write can be undone. Without
it a table has only the backups that somebody thought of.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "aws"
resource_type = "AWS::DynamoDB::Table"
--- */
WITH tables AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeContinuousBackups') OR NOT json_exists(config, '$.DescribeContinuousBackups')
            AS is_unread,
        config -> '$.DescribeContinuousBackups.ContinuousBackupsDescription'
            ->> '$.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus' AS recovery
    FROM inventory.resources
    WHERE type = 'AWS::DynamoDB::Table'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN recovery = 'ENABLED' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'continuous backups could not be read'
        WHEN recovery = 'ENABLED' THEN 'point-in-time recovery is on'
        ELSE 'point-in-time recovery is off'
    END AS reason
FROM tables
ORDER BY resource_key;
