/* ---
title = "Database cannot be deleted by mistake"
description = """
Deletion protection refuses to delete a database until somebody takes it off. Aurora members are protected through
their cluster.
"""
tables = ["inventory.resources"]

[check]
control = "PI-05"
criteria = ["PI1.5"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH databases AS (
    SELECT
        resource_key,
        config ->> '$.DBClusterIdentifier' IS NOT NULL AS is_cluster_member,
        CAST(config ->> '$.DeletionProtection' AS BOOLEAN) AS is_protected
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    resource_key,
    CASE
        WHEN is_cluster_member THEN 'not_applicable'
        WHEN is_protected IS NULL THEN 'unknown'
        WHEN is_protected THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_cluster_member THEN 'part of a cluster'
        WHEN is_protected IS NULL THEN 'protection is not in the answer'
        WHEN is_protected THEN 'deletion protection is on'
        ELSE 'deletion protection is off'
    END AS reason
FROM databases
ORDER BY resource_key;
