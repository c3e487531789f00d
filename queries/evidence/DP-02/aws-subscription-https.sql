/* ---
title = "Topic delivers over HTTPS"
description = """
Messages to web addresses leave our network. Subscriptions with another protocol than HTTP and HTTPS are left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::SNS::Subscription"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        config ->> '$.Protocol' AS protocol
    FROM inventory.resources
    WHERE type = 'AWS::SNS::Subscription'
)
SELECT
    resource_key,
    CASE
        WHEN protocol = 'http' THEN 'fail'
        WHEN protocol = 'https' THEN 'pass'
        ELSE 'not_applicable'
    END AS status,
    CASE
        WHEN protocol = 'http' THEN 'delivers over plain HTTP'
        WHEN protocol = 'https' THEN 'delivers over HTTPS'
        ELSE 'delivers by ' || coalesce(protocol, 'no protocol')
    END AS reason
FROM subscriptions
ORDER BY resource_key;
