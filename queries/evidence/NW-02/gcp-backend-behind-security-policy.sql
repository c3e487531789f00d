/* ---
title = "Public backend sits behind a security policy"
description = """
A backend that an external load balancer serves over HTTP takes every request unless Cloud Armor stands before it.
Internal backends and other protocols are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6", "A1.1"]
provider = "gcp"
resource_type = "compute.googleapis.com/BackendService"
--- */
WITH backends AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.loadBalancingScheme', 'EXTERNAL') AS scheme,
        coalesce(config ->> '$.protocol', 'HTTP') AS protocol,
        nullif(config ->> '$.securityPolicy', '') AS policy
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/BackendService'
)

SELECT
    resource_key,
    CASE
        WHEN scheme NOT LIKE 'EXTERNAL%' OR protocol NOT IN ('HTTP', 'HTTPS', 'HTTP2', 'H2C') THEN 'not_applicable'
        WHEN policy IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN scheme NOT LIKE 'EXTERNAL%' OR protocol NOT IN ('HTTP', 'HTTPS', 'HTTP2', 'H2C')
            THEN lower(scheme) || ' over ' || protocol
        WHEN policy IS NOT NULL THEN 'policy ' || split_part(policy, '/', -1)
        ELSE 'no security policy'
    END AS reason
FROM backends
ORDER BY resource_key;
