/* ---
title = "Database has a standby in another zone"
description = """
With a standby in a second zone a database survives the loss of its own. Aurora members and read replicas are looked
at through their cluster or source.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        resource_key,
        config ->> '$.DBClusterIdentifier' IS NOT NULL AS is_cluster_member,
        config ->> '$.ReadReplicaSourceDBInstanceIdentifier' IS NOT NULL AS is_replica,
        CAST(config ->> '$.MultiAZ' AS BOOLEAN) AS is_multi_zone
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN is_cluster_member THEN 'not_applicable'
        WHEN is_replica THEN 'not_applicable'
        WHEN is_multi_zone IS NULL THEN 'unknown'
        WHEN is_multi_zone THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_cluster_member THEN 'part of a cluster'
        WHEN is_replica THEN 'a read replica'
        WHEN is_multi_zone IS NULL THEN 'zones are not in the answer'
        WHEN is_multi_zone THEN 'standby in another zone'
        ELSE 'one zone only'
    END AS reason
FROM databases
ORDER BY resource_key;
