/* ---
title = "Firewall policy of front doors stops attacks"
description = """
In detection mode attacks are written down and let through. A policy has to be on and in prevention mode.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/frontdoorwebapplicationfirewallpolicies"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.policySettings.mode' AS mode,
        config ->> '$.properties.policySettings.enabledState' AS state
    FROM inventory.resources
    WHERE type = 'microsoft.network/frontdoorwebapplicationfirewallpolicies'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN mode = 'Prevention' AND state = 'Enabled' THEN 'pass'
        WHEN mode IS NULL OR state IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN mode IS NULL OR state IS NULL THEN 'mode or state is not known'
        ELSE lower(mode) || ' mode, ' || lower(state)
    END AS reason
FROM resources
ORDER BY resource_key;
