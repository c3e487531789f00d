/* ---
title = "HTTPS load balancer has a TLS policy"
description = """
Without a policy of ours a load balancer accepts TLS 1.0. Looks at whether a TLS policy is attached.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "gcp"
resource_type = "compute.googleapis.com/TargetHttpsProxy"
--- */
WITH proxies AS (
    SELECT
        resource_key,
        nullif(config ->> '$.sslPolicy', '') AS policy
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/TargetHttpsProxy'
)
SELECT
    resource_key,
    CASE
        WHEN policy IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN policy IS NULL THEN 'no TLS policy'
        ELSE 'policy ' || parse_filename(policy)
    END AS reason
FROM proxies
ORDER BY resource_key;
