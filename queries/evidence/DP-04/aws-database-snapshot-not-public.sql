/* ---
title = "Database snapshot is not public"
description = """
Everybody could restore a public snapshot and read the database. Automated snapshots cannot be shared.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBSnapshot"
--- */
WITH snapshots AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDBSnapshotAttributes')
            OR NOT json_exists(config, '$.DescribeDBSnapshotAttributes') AS is_unread,
        flatten([
            json_extract_string(attribute, '$.AttributeValues[*]')
            for attribute in json_extract(
                config, '$.DescribeDBSnapshotAttributes.DBSnapshotAttributesResult.DBSnapshotAttributes[*]'
            )
        ]) AS shared_with
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBSnapshot'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN list_contains(shared_with, 'all') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the attributes could not be read'
        WHEN list_contains(shared_with, 'all') THEN 'everybody may restore it'
        ELSE 'not public'
    END AS reason
FROM snapshots
ORDER BY resource_key;
