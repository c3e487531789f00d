/* ---
title = "Machines that have to be patched"
description = """
One row for each virtual machine, and each machine elsewhere that Azure manages, that is not gone. What patching is
sampled from.
"""
tables = ["inventory.resources"]

[[columns]]
name = "provider"
description = "Where it is: aws, azure, gcp, or any for third parties."

[[columns]]
name = "item_key"
description = "The item, once; what a sample is drawn by."

[[columns]]
name = "item_type"
description = "What it is, in the provider's own word."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; NULL where it is in none."

[[columns]]
name = "name"
description = "The name a person gave it."

[[columns]]
name = "happened_at"
description = "When it happened or was made (UTC), where that is known."

[[columns]]
name = "detail"
description = "What an auditor has to know of it."
--- */
SELECT
    provider,
    resource_key AS item_key,
    type AS item_type,
    scope_id,
    name,
    created_at AS happened_at,
    coalesce(
        config ->> '$.State.Name',
        config ->> '$.properties.extended.instanceView.powerState.displayStatus',
        config ->> '$.status',
        'state not stated'
    ) AS detail
FROM inventory.resources
WHERE type IN (
    'AWS::EC2::Instance',
    'AWS::Lightsail::Instance',
    'microsoft.compute/virtualmachines',
    'microsoft.hybridcompute/machines',
    'compute.googleapis.com/Instance'
)
    AND coalesce(config ->> '$.State.Name', '') NOT IN ('terminated', 'shutting-down')
ORDER BY provider, item_key;
