/* ---
title = "Container app takes its secrets from a vault"
description = """
Secrets that are written into an app are copied with it and rotated nowhere. Each secret of the app has to name a
vault.
"""
tables = ["inventory.resources"]

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "azure"
resource_type = "microsoft.app/containerapps"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(json_extract(config, '$.properties.configuration.secrets[*]'), []) AS secrets
    FROM inventory.resources
    WHERE type = 'microsoft.app/containerapps'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(secrets) = 0 THEN 'not_applicable'
        WHEN len(list_filter(secrets, lambda secret: (secret ->> '$.keyVaultUrl') IS NULL)) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN len(secrets) = 0 THEN 'has no secrets'
        ELSE 'secrets without a vault: '
            || len(list_filter(secrets, lambda secret: (secret ->> '$.keyVaultUrl') IS NULL)) || ' of ' || len(secrets)
    END AS reason
FROM resources
ORDER BY resource_key;
