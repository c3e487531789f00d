/* ---
title = "Service bought on the marketplace is in force"
description = """
A vendor's service whose purchase was suspended or ended has no terms behind it, while its access may stay. Looks at
SaaS resources.
"""
tables = ["inventory.resources"]

[check]
control = "CM-05"
criteria = ["CC2.3", "CC9.2"]
provider = "azure"
resource_type = "microsoft.saas/resources"
--- */
WITH services AS (
    SELECT
        resource_key,
        config ->> '$.properties.status' AS state,
        config ->> '$.properties.publisherId' AS publisher
    FROM inventory.resources
    WHERE type = 'microsoft.saas/resources'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state = 'Subscribed' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state = 'Subscribed' THEN 'in force, sold by ' || coalesce(publisher, 'an unknown publisher')
        ELSE 'state ' || state || ', sold by ' || coalesce(publisher, 'an unknown publisher')
    END AS reason
FROM services
ORDER BY resource_key;
