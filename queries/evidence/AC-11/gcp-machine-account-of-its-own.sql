/* ---
title = "Machine acts with a service account of its own"
description = """
The default account of Compute Engine is shared by every machine of the project and often an editor of it. Nodes of
clusters are judged in their cluster.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "gcp"
resource_type = "compute.googleapis.com/Instance"
--- */
WITH machines AS (
    SELECT
        resource_key,
        starts_with(config ->> '$.name', 'gke-') AS is_node,
        json_extract_string(config, '$.serviceAccounts[*].email') AS accounts
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Instance'
)

SELECT
    resource_key,
    CASE
        WHEN is_node THEN 'not_applicable'
        WHEN len(list_filter(accounts, lambda email: email LIKE '%-compute@developer.gserviceaccount.com')) > 0
            THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_node THEN 'node of a cluster'
        WHEN coalesce(len(accounts), 0) = 0 THEN 'no service account'
        ELSE 'acts as ' || array_to_string(accounts, ', ')
    END AS reason
FROM machines
ORDER BY resource_key;
