/* ---
title = "AlloyDB cluster is backed up"
description = """
Continuous and automated backups can both be switched off. One of them has to be on; secondary clusters copy their
primary.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "alloydb.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        config ->> '$.clusterType' = 'SECONDARY' AS is_secondary,
        CAST(config ->> '$.continuousBackupConfig.enabled' AS BOOLEAN) AS has_continuous,
        CAST(config ->> '$.automatedBackupPolicy.enabled' AS BOOLEAN) AS has_automated
    FROM inventory.resources
    WHERE type = 'alloydb.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_secondary THEN 'not_applicable'
        WHEN has_continuous THEN 'pass'
        WHEN has_automated THEN 'pass'
        WHEN coalesce(has_continuous, has_automated) IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_secondary THEN 'a secondary cluster'
        WHEN has_continuous THEN 'continuous backup is on'
        WHEN has_automated THEN 'automated backups are on'
        WHEN coalesce(has_continuous, has_automated) IS NULL THEN 'the backup policy is not in the answer'
        ELSE 'backups are off'
    END AS reason
FROM clusters
ORDER BY resource_key;
