/* ---
title = "Where our resources lie"
description = """
Live resources by cloud and region, with how many types and scopes they are of. Resources without a region count as
global.
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
name = "region"
description = "The provider's region or location."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "types"
description = "Types of these."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions and projects that hold them."
--- */
SELECT
    provider,
    region,
    count(*) AS resources,
    count(DISTINCT type) AS types,
    count(DISTINCT scope_id) AS scopes
FROM inventory.resources
WHERE coalesce(getvariable('provider'), '') IN ('', provider)
GROUP BY provider, region
ORDER BY provider, count(*) DESC, region;
