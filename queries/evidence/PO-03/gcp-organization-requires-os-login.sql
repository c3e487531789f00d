/* ---
title = "Organization requires sign-in to machines by identity"
description = """
With OS Login people get into machines as themselves and not with keys in metadata. The constraint has to be enforced
at the organization.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "gcp"
resource_type = "cloudresourcemanager.googleapis.com/Organization"
--- */
WITH constraints AS (
    SELECT
        regexp_extract(config ->> '$.name', '^(organizations/[0-9A-Za-z]+)/policies/', 1) AS organization,
        min(split_part(config ->> '$.name', '/policies/', 2)) AS example
    FROM inventory.resources
    WHERE type = 'orgpolicy.googleapis.com/Policy'
        AND split_part(config ->> '$.name', '/policies/', 2) IN (
            'compute.requireOsLogin', 'compute.managed.requireOsLogin'
        )
        AND len(list_filter(
            json_extract(config, '$.spec.rules[*]'),
            lambda rule: coalesce(rule ->> '$.enforce', 'false') = 'true'
                OR coalesce(rule ->> '$.denyAll', 'false') = 'true'
                OR json_exists(rule, '$.values')
        )) > 0
    GROUP BY ALL
),

organizations AS (
    SELECT
        organizations.resource_key,
        constraints.example,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'gcp'
                AND gaps.type IN ('orgpolicy.googleapis.com/Policy', '*')
                AND gaps.scope_id IN (organizations.scope_id, '*')
        ) AS is_gap
    FROM inventory.resources AS organizations
    LEFT JOIN constraints ON constraints.organization = organizations.scope_id
    WHERE organizations.type = 'cloudresourcemanager.googleapis.com/Organization'
)

SELECT
    resource_key,
    CASE WHEN example IS NOT NULL THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN example IS NOT NULL THEN 'in force: ' || example
        WHEN is_gap THEN 'constraints could not be listed'
        ELSE 'no constraint at the organization'
    END AS reason
FROM organizations
ORDER BY resource_key;
