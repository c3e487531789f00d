/* ---
title = "Resource group names its owner"
description = """
An inventory without owners answers what is run and not who answers for it. A tag of the group has to name a team or a
person; groups that a service manages are left out, and which tags count is a parameter.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "owner_keys"
type = "text"
default = "owner,team,contact,costcenter,cost-center,cost_center"
description = "Which tags name an owner, in lower case and separated by commas."

[check]
control = "CM-01"
criteria = ["CC2.1"]
provider = "azure"
resource_type = "microsoft.resources/subscriptions/resourcegroups"
--- */
WITH groups AS (
    SELECT
        resource_key,
        nullif(config ->> '$.managedBy', '') AS managed_by,
        list_filter(
            json_keys(coalesce(tags, '{}')),
            lambda tag: list_contains(
                string_split(
                    coalesce(getvariable('owner_keys'), 'owner,team,contact,costcenter,cost-center,cost_center'), ','
                ),
                lower(tag)
            )
        ) AS owner_tags
    FROM inventory.resources
    WHERE type = 'microsoft.resources/subscriptions/resourcegroups'
)

SELECT
    resource_key,
    CASE
        WHEN managed_by IS NOT NULL THEN 'not_applicable'
        WHEN len(owner_tags) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN managed_by IS NOT NULL THEN 'managed by a service'
        WHEN len(owner_tags) > 0 THEN 'tag ' || owner_tags[1]
        ELSE 'no tag names an owner'
    END AS reason
FROM groups
ORDER BY resource_key;
