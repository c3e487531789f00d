/* ---
title = "Who owns what, by the owner tag"
description = """
Live resources by the value of one tag or label, the most first; upper and lower case of its key make no difference.
Resources without it are the row with an empty value: nobody answers for them by tag.
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
name = "owner"
description = "The value of the tag; empty where it is missing."

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
WITH owned AS (
    SELECT resource_key, min(tag_value) AS tag_owner
    FROM inventory.resource_tags
    WHERE lower(tag_key) = lower(coalesce(getvariable('tag'), 'owner'))
    GROUP BY resource_key
)
SELECT
    owned.tag_owner AS owner,
    count(*) AS resources,
    count(DISTINCT resources.type) AS types,
    count(DISTINCT resources.scope_id) AS scopes
FROM inventory.resources AS resources
LEFT JOIN owned ON owned.resource_key = resources.resource_key
WHERE coalesce(getvariable('provider'), '') IN ('', resources.provider)
GROUP BY owned.tag_owner
ORDER BY count(*) DESC, owned.tag_owner NULLS LAST;
