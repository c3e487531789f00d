/* ---
title = "Cluster encrypts Kubernetes secrets with a key of ours"
description = """
Secrets of a cluster lie in its database; envelope encryption puts a key of ours in front of them. Looks at the
encryption configuration for secrets.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::EKS::Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeCluster') OR NOT json_exists(config, '$.DescribeCluster') AS is_unread,
        config ->> '$.DescribeCluster.cluster.encryptionConfig[0].provider.keyArn' AS key_arn
    FROM inventory.resources
    WHERE type = 'AWS::EKS::Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN key_arn IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'the cluster could not be read'
        WHEN key_arn IS NULL THEN 'no key for secrets'
        ELSE 'secrets encrypted with ' || key_arn
    END AS reason
FROM clusters
ORDER BY resource_key;
