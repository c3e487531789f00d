/* ---
title = "Traffic of the subnet is recorded"
description = """
Without flow logs nobody can show what crossed a boundary between segments. Subnets that Google uses for load
balancers, where no log can be set, are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Subnetwork"
--- */
WITH subnets AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.purpose', 'PRIVATE') AS purpose,
        coalesce(config ->> '$.logConfig.enable', config ->> '$.enableFlowLogs', 'false') AS records
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Subnetwork'
)

SELECT
    resource_key,
    CASE
        WHEN purpose IN ('REGIONAL_MANAGED_PROXY', 'GLOBAL_MANAGED_PROXY', 'INTERNAL_HTTPS_LOAD_BALANCER')
            THEN 'not_applicable'
        WHEN records = 'true' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN purpose IN ('REGIONAL_MANAGED_PROXY', 'GLOBAL_MANAGED_PROXY', 'INTERNAL_HTTPS_LOAD_BALANCER')
            THEN 'for load balancers'
        WHEN records = 'true' THEN 'flow logs are on'
        ELSE 'no flow logs'
    END AS reason
FROM subnets
ORDER BY resource_key;
