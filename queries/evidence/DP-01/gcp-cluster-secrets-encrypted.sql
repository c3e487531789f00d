/* ---
title = "Cluster encrypts Kubernetes secrets with a key of ours"
description = """
Secrets of a cluster lie in its database; application-layer encryption puts a key of ours in front of them. Absent
means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.databaseEncryption.state', 'DECRYPTED') AS encryption_state
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN encryption_state = 'ENCRYPTED' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN encryption_state = 'ENCRYPTED' THEN 'secrets encrypted with a key of ours'
        ELSE 'no key for secrets'
    END AS reason
FROM clusters
ORDER BY resource_key;
