/* ---
title = "Disk follows a snapshot schedule"
description = """
A disk is backed up when a snapshot schedule is attached to it; the API leaves the list out when there is none. Looks
at disks that are ready; whether its data can be lost is for its owner to say.
"""
tables = ["inventory.resources"]

[check]
control = "BC-02"
criteria = ["A1.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/Disk"
--- */
WITH disks AS (
    SELECT
        resource_key,
        config ->> '$.status' AS state,
        coalesce(json_array_length(config, '$.resourcePolicies'), 0) AS policies
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Disk'
)
SELECT
    resource_key,
    CASE
        WHEN state <> 'READY' THEN 'not_applicable'
        WHEN policies > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state <> 'READY' THEN 'state ' || state
        WHEN policies > 0 THEN 'schedules attached: ' || policies
        ELSE 'no schedule attached'
    END AS reason
FROM disks
ORDER BY resource_key;
