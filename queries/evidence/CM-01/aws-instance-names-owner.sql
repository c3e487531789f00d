/* ---
title = "Instance names its owner"
description = """
An inventory without owners answers what is run and not who answers for it. A tag of the machine has to name a team or
a person; which tags count is a parameter.
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
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.State.Name' AS state,
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
    WHERE type = 'AWS::EC2::Instance'
)

SELECT
    resource_key,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN len(owner_tags) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'instance is ' || state
        WHEN len(owner_tags) > 0 THEN 'tag ' || owner_tags[1]
        ELSE 'no tag names an owner'
    END AS reason
FROM instances
ORDER BY resource_key;
