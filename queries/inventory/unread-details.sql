/* ---
title = "Which details could not be read"
description = """
Resources that are known, but of which a part of the configuration could not be read: by cloud, type and the members
that are missing. Their last known values stand, and checks that need them are unknown.
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
name = "type"
description = "The resource type."

[[columns]]
name = "unread"
description = "The members that could not be read."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions and projects that hold them."

[[columns]]
name = "example"
description = "One of them."
--- */
WITH partly AS (
    SELECT
        provider,
        type AS type_name,
        array_join(unread, ', ') AS members,
        scope_id,
        resource_key
    FROM inventory.resources
)
SELECT
    provider,
    type_name AS type,
    members AS unread,
    count(*) AS resources,
    count(DISTINCT scope_id) AS scopes,
    min(resource_key) AS example
FROM partly
WHERE members <> ''
    AND coalesce(getvariable('provider'), '') IN ('', provider)
GROUP BY provider, type_name, members
ORDER BY count(*) DESC, provider, type_name, members;
