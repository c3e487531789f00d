/* ---
title = "Event subscription is set up and working"
description = """
A subscription whose set-up failed, or that waits for its receiver's confirmation, delivers nothing.
"""
tables = ["inventory.resources"]

[check]
control = "PI-04"
criteria = ["PI1.4"]
provider = "azure"
resource_type = "microsoft.eventgrid/eventsubscriptions"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        config ->> '$.properties.provisioningState' AS state
    FROM inventory.resources
    WHERE type = 'microsoft.eventgrid/eventsubscriptions'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state = 'Succeeded' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state = 'Succeeded' THEN 'set up'
        ELSE 'state ' || state
    END AS reason
FROM subscriptions
ORDER BY resource_key;
