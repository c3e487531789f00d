/* ---
title = "Virtual machine starts signed software only"
description = """
Secure boot keeps hostile software out of the start. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "MW-01"
criteria = ["CC6.8"]
provider = "gcp"
resource_type = "compute.googleapis.com/Instance"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.shieldedInstanceConfig.enableSecureBoot', 'false') = 'true' AS is_on
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
        WHEN is_on THEN 'secure boot on'
        ELSE 'secure boot off'
    END AS reason
FROM settings
ORDER BY resource_key;
