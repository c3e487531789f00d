/* ---
title = "Bucket cannot be made public"
description = """
Public access prevention holds whatever policies say. Passes where the bucket enforces it itself; what it inherits
is not looked at.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "gcp"
resource_type = "storage.googleapis.com/Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.iamConfiguration.publicAccessPrevention', 'not stated') AS prevention
    FROM inventory.resources
    WHERE type = 'storage.googleapis.com/Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN prevention = 'enforced' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN prevention = 'enforced' THEN 'prevention is enforced'
        ELSE 'prevention is ' || prevention
    END AS reason
FROM buckets
ORDER BY resource_key;
