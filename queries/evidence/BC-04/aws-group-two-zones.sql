/* ---
title = "Auto scaling group spans two zones"
description = """
A group that may start machines in one zone only can't replace them when that zone is lost.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::AutoScaling::AutoScalingGroup"
--- */
WITH scaling_groups AS (
    SELECT
        resource_key,
        coalesce(json_array_length(config, '$.AvailabilityZones'), 0) AS zones,
        CAST(config ->> '$.MaxSize' AS INTEGER) AS max_size
    FROM inventory.resources
    WHERE type = 'AWS::AutoScaling::AutoScalingGroup'
)
SELECT
    resource_key,
    CASE
        WHEN max_size = 0 THEN 'not_applicable'
        WHEN zones >= 2 THEN 'pass'
        WHEN zones = 0 THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN max_size = 0 THEN 'the group is scaled to nothing'
        WHEN zones >= 2 THEN 'zones: ' || zones
        WHEN zones = 0 THEN 'zones are not in the answer'
        ELSE 'one zone only'
    END AS reason
FROM scaling_groups
ORDER BY resource_key;
