/* ---
title = "Web app accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. Listings do not always carry the site configuration; without it the answer is
unknown.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "azure"
resource_type = "microsoft.web/sites"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        config ->> '$.properties.siteConfig.minTlsVersion' AS version
    FROM inventory.resources
    WHERE type = 'microsoft.web/sites'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN version IS NULL THEN 'unknown'
        WHEN version IN ('1.2', '1.3') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN version IS NULL THEN 'the listing does not tell the lowest version'
        WHEN version IN ('1.2', '1.3') THEN 'lowest version ' || version
        ELSE 'lowest version ' || version
    END AS reason
FROM resources
ORDER BY resource_key;
