/* ---
title = "Organization is administered by people, not by workloads"
description = """
An administrator of the organization can do everything below it. A service account with that right, or everyone, is a
way in that nobody watches.
"""
tables = ["inventory.resources"]

[check]
control = "AC-07"
criteria = ["CC6.1", "CC6.3"]
provider = "gcp"
resource_type = "cloudresourcemanager.googleapis.com/Organization"
--- */
WITH policies AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'iamPolicy'), false) AS is_unread,
        coalesce(json_extract(config, '$.iamPolicy.bindings[*]'), []) AS bindings
    FROM inventory.resources
    WHERE type = 'cloudresourcemanager.googleapis.com/Organization'
),

grants AS (
    SELECT
        policies.resource_key,
        binding.entry ->> '$.role' AS role,
        unnest(json_extract_string(binding.entry, '$.members[*]')) AS member
    FROM policies, unnest(policies.bindings) AS binding (entry)
),

found AS (
    SELECT resource_key, count(*) AS grants, min(member || ' as ' || role) AS example
    FROM grants
    WHERE role IN ('roles/resourcemanager.organizationAdmin', 'roles/owner', 'roles/iam.securityAdmin')
        AND (
            member LIKE 'serviceAccount:%'
            OR member LIKE 'domain:%'
            OR member IN ('allUsers', 'allAuthenticatedUsers')
        )
    GROUP BY resource_key
)

SELECT
    policies.resource_key,
    CASE
        WHEN found.grants > 0 THEN 'fail'
        WHEN policies.is_unread THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN found.grants > 0
            THEN 'administrators that are no people: ' || found.grants || ', among them ' || found.example
        WHEN policies.is_unread THEN 'its policy could not be read'
        ELSE 'administered by people and groups'
    END AS reason
FROM policies
LEFT JOIN found ON found.resource_key = policies.resource_key
ORDER BY policies.resource_key;
