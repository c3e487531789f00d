/* ---
title = "Project names its owner"
description = """
An inventory without owners answers what is run and not who answers for it. A label of the project has to name a team
or a person; which labels count is a parameter.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "owner_keys"
type = "text"
default = "owner,team,contact,cost-center,cost_center"
description = "Which labels name an owner, in lower case and separated by commas."

[check]
control = "CM-01"
criteria = ["CC2.1"]
provider = "gcp"
resource_type = "cloudresourcemanager.googleapis.com/Project"
--- */
WITH projects AS (
    SELECT
        resource_key,
        config ->> '$.lifecycleState' AS state,
        list_filter(
            json_keys(coalesce(tags, '{}')),
            lambda label: list_contains(
                string_split(coalesce(getvariable('owner_keys'), 'owner,team,contact,cost-center,cost_center'), ','),
                lower(label)
            )
        ) AS owner_labels,
        tags
    FROM inventory.resources
    WHERE type = 'cloudresourcemanager.googleapis.com/Project'
)

SELECT
    resource_key,
    CASE
        WHEN state = 'DELETE_REQUESTED' THEN 'not_applicable'
        WHEN len(owner_labels) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state = 'DELETE_REQUESTED' THEN 'on its way out'
        WHEN len(owner_labels) > 0 THEN 'label ' || owner_labels[1]
        ELSE 'no label names an owner'
    END AS reason
FROM projects
ORDER BY resource_key;
