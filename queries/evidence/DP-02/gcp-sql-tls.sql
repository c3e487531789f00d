/* ---
title = "Database instance takes encrypted connections only"
description = """
Connections without TLS are refused. Looks at the SSL mode, and at the older flag where no mode is stated.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "gcp"
resource_type = "sqladmin.googleapis.com/Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.settings.ipConfiguration.sslMode' AS ssl_mode,
        coalesce(config ->> '$.settings.ipConfiguration.requireSsl', 'false') = 'true' AS requires_ssl
    FROM inventory.resources
    WHERE type = 'sqladmin.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN ssl_mode IN ('ENCRYPTED_ONLY', 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED') THEN 'pass'
        WHEN ssl_mode IS NULL AND requires_ssl THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN ssl_mode IN ('ENCRYPTED_ONLY', 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED') THEN 'SSL mode ' || ssl_mode
        WHEN ssl_mode IS NULL AND requires_ssl THEN 'SSL required'
        ELSE 'SSL mode ' || coalesce(ssl_mode, 'not set')
    END AS reason
FROM instances
ORDER BY resource_key;
