/* ---
title = "Disk snapshot is not public"
description = """
Everybody could make a disk of a public snapshot and read it.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::EC2::Snapshot"
--- */
WITH snapshots AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeSnapshotAttribute')
            OR NOT json_exists(config, '$.DescribeSnapshotAttribute') AS is_unread,
        list_contains(
            json_extract_string(config, '$.DescribeSnapshotAttribute.CreateVolumePermissions[*].Group'), 'all'
        ) AS is_public
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Snapshot'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_public THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the permissions could not be read'
        WHEN is_public THEN 'everybody may use it'
        ELSE 'not public'
    END AS reason
FROM snapshots
ORDER BY resource_key;
