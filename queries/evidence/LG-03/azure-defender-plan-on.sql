/* ---
title = "Defender plan is on"
description = """
Each plan watches one kind of resource. Plans that are no longer offered are left out.
"""
tables = ["inventory.resources"]

[check]
control = "LG-03"
criteria = ["CC7.2"]
provider = "azure"
resource_type = "microsoft.security/pricings"
--- */
WITH plans AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.deprecated', 'false') = 'true' AS is_withdrawn,
        coalesce(config ->> '$.properties.pricingTier', 'not stated') AS tier
    FROM inventory.resources
    WHERE type = 'microsoft.security/pricings'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_withdrawn THEN 'not_applicable'
        WHEN tier = 'Standard' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_withdrawn THEN 'no longer offered'
        WHEN tier = 'Standard' THEN 'on'
        ELSE 'tier is ' || lower(tier)
    END AS reason
FROM plans
ORDER BY resource_key;
