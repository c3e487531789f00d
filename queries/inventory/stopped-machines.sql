/* ---
title = "Machines that are stopped, or of which nobody knows"
description = """
Stopped machines still hold disks, addresses and roles, and miss every patch. Machines whose state the provider's
answer does not tell are listed last, as unknown.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "state"
description = "The provider's word in lower case, or unknown."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "resource_key"
description = "The machine."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "changed_at"
description = "When a crawl saw this state of its configuration first."
--- */
WITH states AS (
    SELECT
        provider,
        scope_id,
        resource_key,
        name,
        changed_at,
        lower(
            coalesce(
                config ->> '$.State.Name',
                regexp_replace(config ->> '$.properties.extended.instanceView.powerState.code', '^PowerState/', ''),
                config ->> '$.status',
                'unknown'
            )
        ) AS machine_state
    FROM inventory.resources
    WHERE type IN ('AWS::EC2::Instance', 'microsoft.compute/virtualmachines', 'compute.googleapis.com/Instance')
)
SELECT
    machine_state AS state,
    provider,
    scope_id,
    resource_key,
    name,
    changed_at
FROM states
WHERE machine_state IN ('stopped', 'stopping', 'deallocated', 'deallocating', 'terminated', 'suspended', 'unknown')
    AND coalesce(getvariable('provider'), '') IN ('', provider)
ORDER BY CASE machine_state WHEN 'unknown' THEN 2 ELSE 1 END, provider, scope_id, resource_key;
