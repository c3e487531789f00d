/* ---
title = "What was created in the audit period"
description = """
Live resources that the provider says were created between two days, oldest first: additions, from which changes are
sampled. Without days, the audit period of a scenario. What has been deleted since is in `removed-resources`.
"""
tables = ["inventory.resources", "scoping.scenarios"]

[[parameters]]
name = "first_day"
type = "date"
description = "The first day; the start of the scenario's period without it."

[[parameters]]
name = "last_day"
type = "date"
description = "The last day; the end of the scenario's period without it."

[[parameters]]
name = "type"
type = "text"
default = ""
description = "Only this resource type; all without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario whose period is taken."

[[columns]]
name = "created_at"
description = "When it was created."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resource_key"
description = "The resource."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "region"
description = "The region."
--- */
WITH period AS (
    SELECT
        coalesce(getvariable('first_day'), max(period_start)) AS opens_on,
        coalesce(getvariable('last_day'), max(period_end)) AS closes_on
    FROM scoping.scenarios
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
)
SELECT
    resources.created_at,
    resources.type,
    resources.resource_key,
    resources.name,
    resources.scope_id,
    resources.region
FROM inventory.resources AS resources
CROSS JOIN period
WHERE CAST(resources.created_at AS DATE) >= period.opens_on
    AND CAST(resources.created_at AS DATE) <= period.closes_on
    AND coalesce(getvariable('type'), '') IN ('', resources.type)
ORDER BY resources.created_at, resources.type, resources.resource_key;
