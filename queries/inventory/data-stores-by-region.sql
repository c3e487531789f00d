/* ---
title = "Where data is kept, by region"
description = """
Resources that hold data, by cloud, region and type: types that the checks of encryption at rest (DP-01) look at. For
questions of data residency.
"""
tables = ["controls.checks", "inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[parameters]]
name = "region"
type = "text"
default = ""
description = "Only this region; all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "region"
description = "The provider's region or location."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "stores"
description = "Live resources."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions and projects that hold them."
--- */
WITH holding AS (
    SELECT DISTINCT resource_type FROM controls.checks WHERE control_id = 'DP-01'
)
SELECT
    resources.provider,
    resources.region,
    resources.type,
    count(*) AS stores,
    count(DISTINCT resources.scope_id) AS scopes
FROM inventory.resources AS resources
INNER JOIN holding ON holding.resource_type = resources.type
WHERE coalesce(getvariable('provider'), '') IN ('', resources.provider)
    AND coalesce(getvariable('region'), '') IN ('', resources.region)
GROUP BY resources.provider, resources.region, resources.type
ORDER BY resources.provider, resources.region, resources.type;
