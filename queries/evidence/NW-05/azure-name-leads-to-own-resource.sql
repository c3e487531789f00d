/* ---
title = "Name in DNS leads to a resource that is there"
description = """
A record that points to a web app or traffic manager profile that is gone can be taken over by whoever gets that name
next. Records with targets elsewhere are left out.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6"]
provider = "azure"
resource_type = "microsoft.network/dnszones/cname"
--- */
WITH own_names AS (
    SELECT lower(coalesce(
        config ->> '$.properties.defaultHostName',
        config ->> '$.properties.dnsConfig.fqdn',
        name || '.azurewebsites.net'
    )) AS own_name
    FROM inventory.resources
    WHERE type IN ('microsoft.web/sites', 'microsoft.network/trafficmanagerprofiles')
),

records AS (
    SELECT
        resources.resource_key,
        lower(rtrim(resources.config ->> '$.properties.CNAMERecord.cname', '.')) AS target,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'azure'
                AND gaps.type IN ('microsoft.web/sites', 'microsoft.network/trafficmanagerprofiles', '*')
        ) AS is_gap
    FROM inventory.resources AS resources
    WHERE resources.type = 'microsoft.network/dnszones/cname'
),

judged AS (
    SELECT
        resource_key,
        target,
        is_gap,
        regexp_matches(target, '\.(azurewebsites|trafficmanager)\.net$') AS is_watched,
        target IN (SELECT own_names.own_name FROM own_names WHERE own_names.own_name IS NOT NULL) AS is_ours
    FROM records
)

SELECT
    resource_key,
    CASE
        WHEN target IS NULL THEN 'unknown'
        WHEN NOT is_watched THEN 'not_applicable'
        WHEN is_ours THEN 'pass'
        WHEN is_gap THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN target IS NULL THEN 'its target is not known'
        WHEN NOT is_watched THEN 'leads elsewhere: ' || target
        WHEN is_ours THEN 'leads to our ' || target
        WHEN is_gap THEN 'not every place of ' || target || ' could be read'
        ELSE 'nothing of ours is behind ' || target
    END AS reason
FROM judged
ORDER BY resource_key;
