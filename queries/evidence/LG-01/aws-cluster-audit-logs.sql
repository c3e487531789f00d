/* ---
title = "Cluster records what is asked of it"
description = """
The audit log of the control plane tells who changed what. Passes where the log type audit is on.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::EKS::Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeCluster') OR NOT json_exists(config, '$.DescribeCluster') AS is_unread,
        flatten([
            json_extract_string(setup, '$.types[*]')
            for setup in json_extract(config, '$.DescribeCluster.cluster.logging.clusterLogging[*]')
            if (setup ->> '$.enabled') = 'true'
        ]) AS log_types
    FROM inventory.resources
    WHERE type = 'AWS::EKS::Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN list_contains(log_types, 'audit') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the cluster could not be read'
        WHEN list_contains(log_types, 'audit') THEN 'audit log on'
        ELSE 'audit log off'
    END AS reason
FROM clusters
ORDER BY resource_key;
