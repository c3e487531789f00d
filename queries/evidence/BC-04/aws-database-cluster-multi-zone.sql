/* ---
title = "Database cluster spans zones"
description = """
An Aurora or multi-zone cluster survives the loss of a zone only with instances in two of them.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBCluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        CAST(config ->> '$.MultiAZ' AS BOOLEAN) AS is_multi_zone
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBCluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_multi_zone IS NULL THEN 'unknown'
        WHEN is_multi_zone THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_multi_zone IS NULL THEN 'zones are not in the answer'
        WHEN is_multi_zone THEN 'instances in several zones'
        ELSE 'one zone only'
    END AS reason
FROM clusters
ORDER BY resource_key;
