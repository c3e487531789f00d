/* ---
title = "Subscription to notifications is confirmed"
description = """
Until its receiver confirms, a subscription gets nothing, and whoever set it up thinks that it does.
"""
tables = ["inventory.resources"]

[check]
control = "PI-04"
criteria = ["PI1.4"]
provider = "aws"
resource_type = "AWS::SNS::Subscription"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        config ->> '$.SubscriptionArn' AS arn,
        config ->> '$.Protocol' AS protocol
    FROM inventory.resources
    WHERE type = 'AWS::SNS::Subscription'
)
SELECT
    resource_key,
    CASE
        WHEN arn IS NULL THEN 'unknown'
        WHEN arn IN ('PendingConfirmation', 'Deleted') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN arn IS NULL THEN 'the state is not in the answer'
        WHEN arn IN ('PendingConfirmation', 'Deleted') THEN arn || coalesce(', protocol ' || protocol, '')
        ELSE 'confirmed' || coalesce(', protocol ' || protocol, '')
    END AS reason
FROM subscriptions
ORDER BY resource_key;
