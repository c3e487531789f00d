/* ---
title = "Subscription names a security contact"
description = """
Defender for Cloud mails alerts to the security contact. The subscription needs one with an address or a role to write
to; notices that are switched off reach nobody.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "IR-03"
criteria = ["CC7.3", "CC7.4"]
provider = "azure"
resource_type = "scope"
--- */
WITH found AS (
    SELECT scope_id, count(*) AS resources
    FROM inventory.resources
    WHERE
        type = 'microsoft.security/securitycontacts'
        AND (
            coalesce(config ->> '$.properties.emails', config ->> '$.properties.email', '') <> ''
            OR coalesce(json_array_length(config, '$.properties.notificationsByRole.roles'), 0) > 0
        )
        AND coalesce(config ->> '$.properties.alertNotifications.state', 'On') <> 'Off'
    GROUP BY scope_id
),
unseen AS (
    SELECT DISTINCT scope_id
    FROM inventory.gaps AS gaps
    WHERE gaps.provider = 'azure' AND gaps.type IN ('microsoft.security/securitycontacts', '*')
)
SELECT
    scopes.scope_id AS resource_key,
    CASE
        WHEN found.resources > 0 THEN 'pass'
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen) THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN found.resources > 0 THEN 'security contacts: ' || found.resources
        WHEN scopes.scope_id IN (SELECT scope_id FROM unseen) OR '*' IN (SELECT scope_id FROM unseen)
            THEN 'could not be read'
        ELSE 'no security contact'
    END AS reason
FROM inventory.scopes AS scopes
LEFT JOIN found ON found.scope_id = scopes.scope_id
WHERE scopes.provider = 'azure' AND scopes.kind = 'subscription' AND scopes.status IN ('active', 'enabled')
ORDER BY resource_key;
