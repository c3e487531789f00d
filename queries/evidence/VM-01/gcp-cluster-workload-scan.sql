/* ---
title = "Cluster scans its workloads for weaknesses"
description = """
Looks at the vulnerability mode of the security posture. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "VM-01"
criteria = ["CC7.1"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.securityPostureConfig.vulnerabilityMode', 'VULNERABILITY_DISABLED') AS mode
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN mode IN ('VULNERABILITY_BASIC', 'VULNERABILITY_ENTERPRISE') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN mode IN ('VULNERABILITY_BASIC', 'VULNERABILITY_ENTERPRISE') THEN lower(mode)
        ELSE lower(mode)
    END AS reason
FROM clusters
ORDER BY resource_key;
