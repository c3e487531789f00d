/* ---
title = "TLS policy accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. A policy without a lowest version accepts TLS 1.0.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "gcp"
resource_type = "compute.googleapis.com/SslPolicy"
--- */
WITH policies AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.minTlsVersion', 'TLS_1_0') AS version
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/SslPolicy'
)
SELECT
    resource_key,
    CASE
        WHEN version IN ('TLS_1_2', 'TLS_1_3') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN version IN ('TLS_1_2', 'TLS_1_3') THEN 'lowest version ' || version
        ELSE 'lowest version ' || version
    END AS reason
FROM policies
ORDER BY resource_key;
