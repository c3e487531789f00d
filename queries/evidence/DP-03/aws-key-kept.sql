/* ---
title = "Key is not about to be deleted"
description = """
What a deleted key encrypted is lost. Fails where a key of ours waits for its deletion.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "AWS::KMS::Key"
--- */
WITH keys AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeKey') OR NOT json_exists(config, '$.DescribeKey') AS is_unread,
        config ->> '$.DescribeKey.KeyMetadata.KeyManager' AS manager,
        coalesce(config ->> '$.DescribeKey.KeyMetadata.KeyState', 'not stated') AS key_state
    FROM inventory.resources
    WHERE type = 'AWS::KMS::Key'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN manager = 'AWS' THEN 'not_applicable'
        WHEN key_state IN ('PendingDeletion', 'PendingReplicaDeletion') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the key could not be read'
        WHEN manager = 'AWS' THEN 'a key of AWS'
        WHEN key_state IN ('PendingDeletion', 'PendingReplicaDeletion') THEN 'waits for its deletion'
        ELSE 'the key is ' || key_state
    END AS reason
FROM keys
ORDER BY resource_key;
