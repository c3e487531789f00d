/* ---
title = "Auto scaling group can grow"
description = """
A group whose greatest size is also its least never follows the load.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "aws"
resource_type = "AWS::AutoScaling::AutoScalingGroup"
--- */
WITH scaling_groups AS (
    SELECT
        resource_key,
        CAST(config ->> '$.MinSize' AS INTEGER) AS min_size,
        CAST(config ->> '$.MaxSize' AS INTEGER) AS max_size
    FROM inventory.resources
    WHERE type = 'AWS::AutoScaling::AutoScalingGroup'
)
SELECT
    resource_key,
    CASE
        WHEN max_size = 0 THEN 'not_applicable'
        WHEN min_size IS NULL OR max_size IS NULL THEN 'unknown'
        WHEN max_size > min_size THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN max_size = 0 THEN 'the group is scaled to nothing'
        WHEN min_size IS NULL OR max_size IS NULL THEN 'sizes are not in the answer'
        WHEN max_size > min_size THEN 'from ' || min_size || ' to ' || max_size
        ELSE 'fixed at ' || max_size
    END AS reason
FROM scaling_groups
ORDER BY resource_key;
