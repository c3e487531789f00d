/* ---
title = "Cluster takes no password and no static certificate"
description = """
A password or client certificate of the cluster can't be taken back for one person. Both are to be off, so that only
identities of Google get in.
"""
tables = ["inventory.resources"]

[check]
control = "AC-01"
criteria = ["CC6.1", "CC6.2"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        nullif(config ->> '$.masterAuth.username', '') AS user_name,
        coalesce(
            config ->> '$.masterAuth.clientCertificateConfig.issueClientCertificate', 'false'
        ) AS certificate,
        nullif(config ->> '$.masterAuth.clientCertificate', '') AS client_certificate
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)

SELECT
    resource_key,
    CASE
        WHEN user_name IS NULL AND certificate = 'false' AND client_certificate IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN user_name IS NOT NULL THEN 'password sign-in is on'
        WHEN certificate = 'true' OR client_certificate IS NOT NULL THEN 'a client certificate was issued'
        ELSE 'identities of Google only'
    END AS reason
FROM clusters
ORDER BY resource_key;
