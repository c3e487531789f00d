/* ---
title = "Machine outside Azure says where it stands"
description = """
A machine that Azure manages elsewhere stands in a room that somebody has to lock. Its location data or the tag site_tag
names the place. Machines in another cloud are left out: that cloud's report speaks for them.
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
resource_type = "microsoft.hybridcompute/machines"
--- */
WITH lines AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') OR NOT json_exists(config, '$.properties') AS is_unread,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        nullif(trim(config ->> '$.properties.locationData.name'), '') AS location_name,
        nullif(config ->> '$.properties.cloudMetadata.provider', 'N/A') AS cloud
    FROM inventory.resources
    WHERE type = 'microsoft.hybridcompute/machines'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN cloud IS NOT NULL AND cloud <> '' THEN 'not_applicable'
        WHEN location_name IS NOT NULL THEN 'pass'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its properties could not be read'
        WHEN cloud IS NOT NULL AND cloud <> '' THEN 'it runs in ' || cloud
        WHEN location_name IS NOT NULL THEN 'it stands at ' || location_name
        WHEN site IS NOT NULL THEN 'it stands at ' || site
        ELSE 'nobody says where it stands'
    END AS reason
FROM lines
ORDER BY resource_key;
