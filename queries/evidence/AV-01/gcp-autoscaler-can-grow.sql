/* ---
title = "Autoscaler can grow its group"
description = """
An autoscaler whose bounds are equal, or that is switched off, never follows the load.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "gcp"
resource_type = "compute.googleapis.com/Autoscaler"
--- */
WITH autoscalers AS (
    SELECT
        resource_key,
        CAST(config ->> '$.autoscalingPolicy.minNumReplicas' AS INTEGER) AS minimum,
        CAST(config ->> '$.autoscalingPolicy.maxNumReplicas' AS INTEGER) AS maximum,
        coalesce(config ->> '$.autoscalingPolicy.mode', 'ON') AS mode
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Autoscaler'
)
SELECT
    resource_key,
    CASE
        WHEN mode = 'OFF' THEN 'fail'
        WHEN maximum IS NULL THEN 'unknown'
        WHEN maximum > coalesce(minimum, 0) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN mode = 'OFF' THEN 'switched off'
        WHEN maximum IS NULL THEN 'bounds are not in the answer'
        WHEN maximum > coalesce(minimum, 0) THEN 'from ' || coalesce(minimum, 0) || ' to ' || maximum
        ELSE 'fixed at ' || maximum
    END AS reason
FROM autoscalers
ORDER BY resource_key;
