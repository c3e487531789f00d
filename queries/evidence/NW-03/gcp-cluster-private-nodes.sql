/* ---
title = "Nodes of the cluster have private addresses only"
description = """
Nodes with public addresses put every pod one open port away from the internet.
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
        coalesce(
            config ->> '$.privateClusterConfig.enablePrivateNodes',
            config ->> '$.networkConfig.defaultEnablePrivateNodes',
            'false'
        ) AS private_nodes
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)

SELECT
    resource_key,
    CASE
        WHEN private_nodes = 'true' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN private_nodes = 'true' THEN 'private nodes'
        ELSE 'nodes have public addresses'
    END AS reason
FROM clusters
ORDER BY resource_key;
