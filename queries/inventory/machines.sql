/* ---
title = "Every virtual machine, with its size, image and state"
description = """
Instances of EC2, Azure and Compute Engine side by side. The state is the provider's word, and unknown where its
answer does not say.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "region"
description = "The region."

[[columns]]
name = "resource_key"
description = "The machine."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "size"
description = "The provider's name for its size."

[[columns]]
name = "image"
description = "The image it was made from, where the machine's own answer says it."

[[columns]]
name = "state"
description = "The provider's word in lower case (running, stopped, terminated, deallocated), or unknown."

[[columns]]
name = "created_at"
description = "When it was created, where the provider says so."
--- */
SELECT
    provider,
    scope_id,
    region,
    resource_key,
    name,
    CASE type
        WHEN 'AWS::EC2::Instance' THEN config ->> '$.InstanceType'
        WHEN 'microsoft.compute/virtualmachines' THEN config ->> '$.properties.hardwareProfile.vmSize'
        ELSE regexp_replace(config ->> '$.machineType', '^.*/', '')
    END AS size,
    CASE type
        WHEN 'AWS::EC2::Instance' THEN config ->> '$.ImageId'
        WHEN 'microsoft.compute/virtualmachines' THEN
            coalesce(
                config ->> '$.properties.storageProfile.imageReference.id',
                (config ->> '$.properties.storageProfile.imageReference.publisher')
                    || ':' || (config ->> '$.properties.storageProfile.imageReference.offer')
                    || ':' || (config ->> '$.properties.storageProfile.imageReference.sku')
            )
    END AS image,
    lower(
        CASE type
            WHEN 'AWS::EC2::Instance' THEN coalesce(config ->> '$.State.Name', 'unknown')
            WHEN 'microsoft.compute/virtualmachines' THEN
                coalesce(
                    regexp_replace(
                        config ->> '$.properties.extended.instanceView.powerState.code', '^PowerState/', ''
                    ),
                    'unknown'
                )
            ELSE coalesce(config ->> '$.status', 'unknown')
        END
    ) AS state,
    created_at
FROM inventory.resources
WHERE type IN ('AWS::EC2::Instance', 'microsoft.compute/virtualmachines', 'compute.googleapis.com/Instance')
    AND coalesce(getvariable('provider'), '') IN ('', provider)
ORDER BY provider, scope_id, region, resource_key;
