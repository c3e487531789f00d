/* ---
title = "Key rotates by itself"
description = """
New key material each year limits what one leaked key opens. Looks at symmetric keys of ours with material from KMS;
keys of AWS, keys that are off, and keys that cannot rotate by themselves are left out.
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
        config ->> '$.DescribeKey.KeyMetadata.KeyState' AS key_state,
        (config ->> '$.DescribeKey.KeyMetadata.KeySpec') = 'SYMMETRIC_DEFAULT'
            AND (config ->> '$.DescribeKey.KeyMetadata.Origin') = 'AWS_KMS' AS can_rotate,
        list_contains(unread, 'GetKeyRotationStatus')
            OR NOT json_exists(config, '$.GetKeyRotationStatus') AS is_rotation_unread,
        coalesce(config ->> '$.GetKeyRotationStatus.KeyRotationEnabled', 'false') = 'true' AS rotates
    FROM inventory.resources
    WHERE type = 'AWS::KMS::Key'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN manager = 'AWS' THEN 'not_applicable'
        WHEN key_state <> 'Enabled' THEN 'not_applicable'
        WHEN NOT can_rotate THEN 'not_applicable'
        WHEN is_rotation_unread THEN 'unknown'
        WHEN rotates THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the key could not be read'
        WHEN manager = 'AWS' THEN 'a key of AWS'
        WHEN key_state <> 'Enabled' THEN 'the key is ' || key_state
        WHEN NOT can_rotate THEN 'asymmetric or imported material'
        WHEN is_rotation_unread THEN 'the rotation could not be read'
        WHEN rotates THEN 'rotation is on'
        ELSE 'rotation is off'
    END AS reason
FROM keys
ORDER BY resource_key;
