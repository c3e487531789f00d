/* ---
title = "Virtual machine is patched by the platform"
description = """
Passes where the platform applies updates, or where Windows updates itself. Machines whose settings are not stated
are unknown.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "azure"
resource_type = "microsoft.compute/virtualmachines"
--- */
WITH machines AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(
            config ->> '$.properties.osProfile.linuxConfiguration.patchSettings.patchMode',
            config ->> '$.properties.osProfile.windowsConfiguration.patchSettings.patchMode'
        ) AS mode,
        (config ->> '$.properties.osProfile.windowsConfiguration.enableAutomaticUpdates') = 'true' AS updates_itself
    FROM inventory.resources
    WHERE type = 'microsoft.compute/virtualmachines'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN mode IN ('AutomaticByPlatform', 'AutomaticByOS') THEN 'pass'
        WHEN mode IS NULL AND updates_itself THEN 'pass'
        WHEN mode IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN mode IN ('AutomaticByPlatform', 'AutomaticByOS') THEN 'patch mode ' || mode
        WHEN mode IS NULL AND updates_itself THEN 'Windows updates itself'
        WHEN mode IS NULL THEN 'no patch mode is stated'
        ELSE 'patch mode ' || mode
    END AS reason
FROM machines
ORDER BY resource_key;
