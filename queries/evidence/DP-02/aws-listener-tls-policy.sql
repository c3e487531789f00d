/* ---
title = "Load balancer listener accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. Passes for the predefined security policies whose lowest version is TLS 1.2 or
1.3, told by their names.
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
        config ->> '$.SslPolicy' AS policy
    FROM inventory.resources
    WHERE type = 'AWS::ElasticLoadBalancingV2::Listener'
)
SELECT
    resource_key,
    CASE
        WHEN coalesce(protocol, '') NOT IN ('HTTPS', 'TLS') THEN 'not_applicable'
        WHEN policy IS NULL THEN 'unknown'
        WHEN regexp_matches(policy, 'TLS13-1-[23]|TLS-1-2|FS-1-2') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN coalesce(protocol, '') NOT IN ('HTTPS', 'TLS') THEN 'no TLS here'
        WHEN policy IS NULL THEN 'no security policy is stated'
        WHEN regexp_matches(policy, 'TLS13-1-[23]|TLS-1-2|FS-1-2') THEN 'policy ' || policy
        ELSE 'policy ' || policy || ' accepts versions before 1.2'
    END AS reason
FROM listeners
ORDER BY resource_key;
