/* ---
title = "Linux machine takes no password over SSH"
description = """
A password can be guessed from wherever the port can be reached. Password sign-in of Linux machines has to be off;
Windows machines are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.compute/virtualmachines"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.storageProfile.osDisk.osType' AS system,
        config ->> '$.properties.osProfile.linuxConfiguration.disablePasswordAuthentication' AS no_password
    FROM inventory.resources
    WHERE type = 'microsoft.compute/virtualmachines'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN system = 'Windows' THEN 'not_applicable'
        WHEN no_password = 'true' THEN 'pass'
        WHEN no_password = 'false' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN system = 'Windows' THEN 'Windows machine'
        WHEN no_password = 'true' THEN 'password sign-in is off'
        WHEN no_password = 'false' THEN 'password sign-in is on'
        ELSE 'how people sign in is not known'
    END AS reason
FROM resources
ORDER BY resource_key;
