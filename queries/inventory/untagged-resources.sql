/* ---
title = "Resources that carry no owner tag"
description = """
Live resources without one tag or label, of the types that carry tags at all: a type of which not one resource has any
tag is left out, because most of those can't have one.
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

[[parameters]]
name = "type"
type = "text"
default = ""
description = "Only this resource type; all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

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
name = "created_at"
description = "When it was created, where the provider says so."
--- */
WITH tagged_types AS (
    SELECT DISTINCT resources.type AS type_name
    FROM inventory.resource_tags AS tags
    INNER JOIN inventory.resources AS resources ON resources.resource_key = tags.resource_key
),
owned AS (
    SELECT DISTINCT resource_key
    FROM inventory.resource_tags
    WHERE lower(tag_key) = lower(coalesce(getvariable('tag'), 'owner'))
)
SELECT
    resources.provider,
    resources.scope_id,
    resources.type,
    resources.resource_key,
    resources.name,
    resources.created_at
FROM inventory.resources AS resources
INNER JOIN tagged_types ON tagged_types.type_name = resources.type
LEFT JOIN owned ON owned.resource_key = resources.resource_key
WHERE owned.resource_key IS NULL
    AND coalesce(getvariable('provider'), '') IN ('', resources.provider)
    AND coalesce(getvariable('type'), '') IN ('', resources.type)
ORDER BY resources.provider, resources.scope_id, resources.type, resources.resource_key;
