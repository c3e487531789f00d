/* ---
title = "Virtual machine reports changes of its start"
description = """
Integrity monitoring compares each start with the first one. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "VM-03"
criteria = ["CC7.1", "CC5.2"]
provider = "gcp"
resource_type = "compute.googleapis.com/Instance"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.shieldedInstanceConfig.enableIntegrityMonitoring', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Instance'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'integrity monitoring on'
        ELSE 'integrity monitoring off'
    END AS reason
FROM settings
ORDER BY resource_key;
