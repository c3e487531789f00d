/* ---
title = "Application gateway takes TLS 1.2 or later"
description = """
The policies AppGwSslPolicy20150501 and AppGwSslPolicy20170401 take TLS 1.0 or 1.1 as well. What a gateway without a
policy of its own takes depends on when it was made.
"""
tables = ["inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.7"]
provider = "azure"
resource_type = "microsoft.network/applicationgateways"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        config ->> '$.properties.sslPolicy.policyName' AS policy,
        config ->> '$.properties.sslPolicy.minProtocolVersion' AS minimum
    FROM inventory.resources
    WHERE type = 'microsoft.network/applicationgateways'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN minimum IN ('TLSv1_2', 'TLSv1_3') THEN 'pass'
        WHEN minimum IS NOT NULL THEN 'fail'
        WHEN policy IN ('AppGwSslPolicy20170401S', 'AppGwSslPolicy20220101', 'AppGwSslPolicy20220101S') THEN 'pass'
        WHEN policy IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN minimum IS NOT NULL THEN 'at least ' || minimum
        ELSE coalesce('policy ' || policy, 'no TLS policy of its own; the default depends on its age')
    END AS reason
FROM resources
ORDER BY resource_key;
