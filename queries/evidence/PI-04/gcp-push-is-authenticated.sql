/* ---
title = "Pushed messages carry a token of ours"
description = """
A receiver can tell our messages from anybody's only by a signed token. Subscriptions that are pulled have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "PI-04"
criteria = ["PI1.4"]
provider = "gcp"
resource_type = "pubsub.googleapis.com/Subscription"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        config ->> '$.pushConfig.pushEndpoint' AS endpoint,
        config ->> '$.pushConfig.oidcToken.serviceAccountEmail' AS account
    FROM inventory.resources
    WHERE type = 'pubsub.googleapis.com/Subscription'
)
SELECT
    resource_key,
    CASE
        WHEN endpoint IS NULL THEN 'not_applicable'
        WHEN account IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN endpoint IS NULL THEN 'pulled'
        WHEN account IS NULL THEN 'no token for ' || endpoint
        ELSE 'signed as ' || account
    END AS reason
FROM subscriptions
ORDER BY resource_key;
