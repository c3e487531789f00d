/* ---
title = "Peerings of the network lead to projects of ours only"
description = """
A peering opens routes both ways. One with a project that the inventory does not hold as ours makes its network part
of our segment. Peerings with services that Google runs (servicenetworking) are let through.
"""
tables = ["inventory.resources", "inventory.scopes"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/Network"
--- */
WITH ours AS (
    SELECT coalesce(list(replace(scope_id, 'projects/', '')), []) AS projects
    FROM inventory.scopes
    WHERE provider = 'gcp' AND kind = 'project'
),

networks AS (
    SELECT
        resources.resource_key,
        list_transform(
            list_filter(
                json_extract(resources.config, '$.peerings[*]'),
                lambda peering: coalesce(peering ->> '$.state', 'ACTIVE') = 'ACTIVE'
                    AND coalesce(peering ->> '$.name', '') NOT LIKE 'servicenetworking-%'
            ),
            lambda peering: regexp_extract(peering ->> '$.network', 'projects/([^/]+)/', 1)
        ) AS projects,
        ours.projects AS our_projects
    FROM inventory.resources AS resources
    CROSS JOIN ours
    WHERE resources.type = 'compute.googleapis.com/Network'
),

judged AS (
    SELECT
        resource_key,
        coalesce(len(projects), 0) AS peerings,
        list_filter(projects, lambda project: NOT list_contains(our_projects, project)) AS outsiders
    FROM networks
)

SELECT
    resource_key,
    CASE WHEN peerings = 0 THEN 'not_applicable' WHEN len(outsiders) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN peerings = 0 THEN 'no peerings'
        WHEN len(outsiders) = 0 THEN 'peerings inside the estate: ' || peerings
        ELSE 'outside project ' || array_to_string(list_distinct(outsiders), ', ')
    END AS reason
FROM judged
ORDER BY resource_key;
