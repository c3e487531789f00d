/* ---
title = "Public and any-tenant access"
description = """
Access that is open to everybody, or to every tenant of an identity provider: nobody's third party, and still the first
thing that an auditor asks about.
"""
tables = ["inventory.resources", "parties.exposures"]

[[columns]]
name = "kind"
description = "public_principal, any_tenant or federation_without_subject."

[[columns]]
name = "resource_key"
description = "The resource."

[[columns]]
name = "type"
description = "Its type."

[[columns]]
name = "scope_id"
description = "Where it lies."

[[columns]]
name = "path"
description = "Where in its config."

[[columns]]
name = "value"
description = "The text found there."
--- */
SELECT
    exposures.kind,
    exposures.resource_key,
    resources.type,
    resources.scope_id,
    exposures.detail ->> '$.path' AS path,
    exposures.detail ->> '$.value' AS value
FROM parties.exposures AS exposures
LEFT JOIN inventory.resources AS resources ON resources.resource_key = exposures.resource_key
ORDER BY exposures.kind, exposures.resource_key, path, value;
