/* ---
title = "Load balancer listener uses TLS"
description = """
Clients talk to load balancers over TLS. HTTP passes only where it does nothing but redirect to HTTPS; TCP and UDP
listeners pass traffic through and are left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::ElasticLoadBalancingV2::Listener"
--- */
WITH listeners AS (
    SELECT
        resource_key,
        config ->> '$.Protocol' AS protocol,
        len(list_filter(
            json_extract(config, '$.DefaultActions[*]'),
            lambda action: (action ->> '$.RedirectConfig.Protocol') = 'HTTPS'
        )) > 0 AS redirects
    FROM inventory.resources
    WHERE type = 'AWS::ElasticLoadBalancingV2::Listener'
)
SELECT
    resource_key,
    CASE
        WHEN protocol IN ('HTTPS', 'TLS') THEN 'pass'
        WHEN protocol = 'HTTP' AND redirects THEN 'pass'
        WHEN protocol = 'HTTP' THEN 'fail'
        ELSE 'not_applicable'
    END AS status,
    CASE
        WHEN protocol IN ('HTTPS', 'TLS') THEN 'listens with ' || protocol
        WHEN protocol = 'HTTP' AND redirects THEN 'HTTP only redirects to HTTPS'
        WHEN protocol = 'HTTP' THEN 'listens with HTTP'
        ELSE coalesce(protocol, 'no protocol') || ' passes through'
    END AS reason
FROM listeners
ORDER BY resource_key;
