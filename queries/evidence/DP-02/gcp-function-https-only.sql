/* ---
title = "Function serves HTTPS only"
description = """
Plain HTTP is redirected. Looks at the security level of HTTP functions of the first generation; functions that
events start are left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "gcp"
resource_type = "cloudfunctions.googleapis.com/CloudFunction"
--- */
WITH functions AS (
    SELECT
        resource_key,
        json_exists(config, '$.httpsTrigger') AS has_http,
        coalesce(config ->> '$.httpsTrigger.securityLevel', 'SECURE_OPTIONAL') AS level
    FROM inventory.resources
    WHERE type = 'cloudfunctions.googleapis.com/CloudFunction'
)
SELECT
    resource_key,
    CASE
        WHEN NOT has_http THEN 'not_applicable'
        WHEN level = 'SECURE_ALWAYS' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT has_http THEN 'started by events'
        WHEN level = 'SECURE_ALWAYS' THEN 'HTTPS only'
        ELSE 'plain HTTP is served'
    END AS reason
FROM functions
ORDER BY resource_key;
