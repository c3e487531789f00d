/* ---
title = "Events that cannot be delivered are kept"
description = """
Event Grid drops an event after its tries unless a dead-letter destination is set; Resource Manager answers null where
there is none.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "azure"
resource_type = "microsoft.eventgrid/eventsubscriptions"
--- */
WITH subscriptions AS (
    SELECT
        resource_key,
        coalesce(
            config ->> '$.properties.deadLetterDestination.endpointType',
            config ->> '$.properties.deadLetterWithResourceIdentity.deadLetterDestination.endpointType'
        ) AS destination,
        json_exists(config, '$.properties') AS is_answered
    FROM inventory.resources
    WHERE type = 'microsoft.eventgrid/eventsubscriptions'
)
SELECT
    resource_key,
    CASE
        WHEN destination IS NOT NULL THEN 'pass'
        WHEN NOT is_answered THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN destination IS NOT NULL THEN 'failures go to ' || destination
        WHEN NOT is_answered THEN 'the settings are not in the answer'
        ELSE 'failures are dropped'
    END AS reason
FROM subscriptions
ORDER BY resource_key;
