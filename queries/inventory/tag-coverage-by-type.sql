/* ---
title = "How well each type is tagged"
description = """
For each type of which some resource carries a tag: how many resources have one given tag or label and how many do
not, the least tagged first.
"""
tables = ["inventory.resource_tags", "inventory.resources"]

[[parameters]]
name = "tag"
type = "text"
default = "owner"
description = "The key of the tag or label."

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "tagged"
description = "Live resources that carry the tag."

[[columns]]
name = "untagged"
description = "Live resources that do not."

[[columns]]
name = "tagged_percent"
description = "The share that does, in percent."
--- */
WITH marked AS (
    SELECT
        resource_key,
        bool_or(lower(tag_key) = lower(coalesce(getvariable('tag'), 'owner'))) AS has_tag
    FROM inventory.resource_tags
    GROUP BY resource_key
),
counted AS (
    SELECT
        resources.provider,
        resources.type AS type_name,
        count(*) AS resources,
        count(*) FILTER (WHERE marked.has_tag) AS with_tag,
        count(marked.resource_key) AS with_any
    FROM inventory.resources AS resources
    LEFT JOIN marked ON marked.resource_key = resources.resource_key
    WHERE coalesce(getvariable('provider'), '') IN ('', resources.provider)
    GROUP BY resources.provider, resources.type
)
SELECT
    provider,
    type_name AS type,
    with_tag AS tagged,
    resources - with_tag AS untagged,
    round(100.0 * with_tag / resources, 0) AS tagged_percent
FROM counted
WHERE with_any > 0
ORDER BY round(100.0 * with_tag / resources, 0), resources - with_tag DESC, provider, type_name;
