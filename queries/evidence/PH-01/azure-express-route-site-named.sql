/* ---
title = "Dedicated line says where our end is"
description = """
A dedicated line ends in a room that somebody has to lock: a data centre of ours, or a colocation that has a report
of its own. The tag site_tag names it; Azure only knows the carrier and its own end. Circuits that the carrier has not
set up are left out.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "site_tag"
type = "text"
default = "site"
description = "The tag or label that names the place at our end."

[check]
control = "PH-01"
criteria = ["CC6.4"]
provider = "azure"
resource_type = "microsoft.network/expressroutecircuits"
--- */
WITH lines AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') OR NOT json_exists(config, '$.properties') AS is_unread,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        coalesce(config ->> '$.properties.serviceProviderProvisioningState', 'unknown') AS carrier_state,
        coalesce(config ->> '$.properties.serviceProviderProperties.peeringLocation', 'unknown') AS far_end
    FROM inventory.resources
    WHERE type = 'microsoft.network/expressroutecircuits'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN carrier_state IN ('NotProvisioned', 'Deprovisioning') THEN 'not_applicable'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its properties could not be read'
        WHEN carrier_state IN ('NotProvisioned', 'Deprovisioning') THEN 'the carrier says ' || carrier_state
        WHEN site IS NOT NULL THEN 'our end is at ' || site
        ELSE 'nobody says where our end is; the far end is ' || far_end
    END AS reason
FROM lines
ORDER BY resource_key;
