/* ---
title = "Whether the list of a type is whole"
description = """
For each type with live resources: how many places (scope and region) were listed and how many could not be. A list is
complete only where every place was listed; places of an index (type *) count for every type of their cloud.
"""
tables = ["inventory.latest_coverage", "inventory.resources"]

[[parameters]]
name = "type"
type = "text"
default = ""
description = "Only this resource type; all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "places_listed"
description = "Units of work that listed it, or listed everything."

[[columns]]
name = "places_not_listed"
description = "Units of work that could not."

[[columns]]
name = "is_complete"
description = "Whether none is missing."
--- */
WITH populations AS (
    SELECT provider, type AS type_name, count(*) AS resources
    FROM inventory.resources
    GROUP BY provider, type
),
places AS (
    SELECT
        populations.provider,
        populations.type_name,
        count(*) FILTER (WHERE coverage.status = 'ok') AS listed,
        count(*) FILTER (WHERE coverage.is_gap) AS missing
    FROM populations
    INNER JOIN inventory.latest_coverage AS coverage
        ON coverage.provider = populations.provider AND coverage.type IN (populations.type_name, '*')
    GROUP BY populations.provider, populations.type_name
)
SELECT
    populations.provider,
    populations.type_name AS type,
    populations.resources,
    coalesce(places.listed, 0) AS places_listed,
    coalesce(places.missing, 0) AS places_not_listed,
    coalesce(places.listed, 0) > 0 AND coalesce(places.missing, 0) = 0 AS is_complete
FROM populations
LEFT JOIN places ON places.provider = populations.provider AND places.type_name = populations.type_name
WHERE coalesce(getvariable('type'), '') IN ('', populations.type_name)
ORDER BY coalesce(places.missing, 0) DESC, populations.provider, populations.type_name;
