/* ---
title = "Cluster limits traffic between pods"
description = """
Without network policies one pod that is taken over reaches all others. The policy engine has to be on; Dataplane V2
has it built in.
"""
tables = ["inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        config ->> '$.networkPolicy.enabled' AS policy,
        config ->> '$.networkConfig.datapathProvider' AS datapath
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)

SELECT
    resource_key,
    CASE
        WHEN coalesce(policy = 'true', false) OR coalesce(datapath = 'ADVANCED_DATAPATH', false) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN datapath = 'ADVANCED_DATAPATH' THEN 'Dataplane V2'
        WHEN policy = 'true' THEN 'network policies are on'
        ELSE 'network policies are off'
    END AS reason
FROM clusters
ORDER BY resource_key;
