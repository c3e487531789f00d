/* ---
title = "Snapshot schedule lets its snapshots go"
description = """
A schedule that also keeps snapshots after their disk is gone needs an end, or copies pile up. Resource policies for
other things have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/ResourcePolicy"
--- */
WITH policies AS (
    SELECT
        resource_key,
        json_exists(config, '$.snapshotSchedulePolicy') AS is_schedule,
        CAST(config ->> '$.snapshotSchedulePolicy.retentionPolicy.maxRetentionDays' AS INTEGER) AS days
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/ResourcePolicy'
)
SELECT
    resource_key,
    CASE
        WHEN NOT is_schedule THEN 'not_applicable'
        WHEN days > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_schedule THEN 'no snapshot schedule'
        WHEN days > 0 THEN 'kept for ' || days || ' days'
        ELSE 'kept for ever'
    END AS reason
FROM policies
ORDER BY resource_key;
