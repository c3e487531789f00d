/* ---
title = "Secret is rotated by itself"
description = """
A secret that only people change is not changed. Rotation has to be switched on; Secrets Manager leaves the setting
out where it never was. Secrets on their way to deletion and secrets that a service of AWS owns are left out.
"""
tables = ["inventory.resources"]

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "AWS::SecretsManager::Secret"
--- */
WITH secrets AS (
    SELECT
        resource_key,
        config ->> '$.RotationEnabled' AS is_rotated,
        config ->> '$.RotationRules.AutomaticallyAfterDays' AS rotation_days,
        json_exists(config, '$.DeletedDate') AS is_deleted,
        config ->> '$.OwningService' AS owning_service
    FROM inventory.resources
    WHERE type = 'AWS::SecretsManager::Secret'
)

SELECT
    resource_key,
    CASE
        WHEN is_deleted OR owning_service IS NOT NULL THEN 'not_applicable'
        WHEN is_rotated = 'true' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_deleted THEN 'to be deleted'
        WHEN owning_service IS NOT NULL THEN 'kept by ' || owning_service
        WHEN is_rotated = 'true' THEN 'rotated' || coalesce(' every ' || rotation_days || ' days', '')
        ELSE 'not rotated'
    END AS reason
FROM secrets
ORDER BY resource_key;
