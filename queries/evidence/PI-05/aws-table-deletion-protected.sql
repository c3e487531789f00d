/* ---
title = "Table cannot be deleted by mistake"
description = """
Deletion protection refuses to delete a DynamoDB table until somebody takes it off.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "aws"
resource_type = "AWS::DynamoDB::Table"
--- */
WITH tables AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeTable') OR NOT json_exists(config, '$.DescribeTable') AS is_unread,
        coalesce(CAST(config ->> '$.DescribeTable.Table.DeletionProtectionEnabled' AS BOOLEAN), false) AS is_protected
    FROM inventory.resources
    WHERE type = 'AWS::DynamoDB::Table'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_protected THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the table could not be read'
        WHEN is_protected THEN 'deletion protection is on'
        ELSE 'deletion protection is off'
    END AS reason
FROM tables
ORDER BY resource_key;
