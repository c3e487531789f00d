/* ---
title = "Application signs in without a client secret"
description = """
Certificates, managed identities and federated credentials need no text that can be copied. An application of ours
that holds a secret which still works fails.
"""
tables = ["inventory.resources", "inventory.runs"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "azure"
resource_type = "microsoft.graph/applications"
--- */
WITH applications AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'passwordCredentials'), false)
            OR NOT json_exists(config, '$.passwordCredentials') AS is_unread,
        json_extract(config, '$.passwordCredentials[*]') AS secrets,
        (SELECT max(finished_at) FROM inventory.runs) AS today
    FROM inventory.resources
    WHERE type = 'microsoft.graph/applications'
),

working AS (
    SELECT
        resource_key,
        is_unread,
        len(list_filter(
            secrets,
            lambda secret: coalesce(try_cast(secret ->> '$.endDateTime' AS TIMESTAMP) >= today, true)
        )) AS secrets
    FROM applications
)

SELECT
    resource_key,
    CASE WHEN is_unread THEN 'unknown' WHEN secrets = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE WHEN is_unread THEN 'secrets could not be read' ELSE 'working secrets: ' || secrets END AS reason
FROM working
ORDER BY resource_key;
