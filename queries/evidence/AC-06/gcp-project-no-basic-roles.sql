/* ---
title = "Project gives nobody a basic role"
description = """
Owner and Editor span every service. The agent that Google itself runs in the project
(PROJECT@cloudservices.gserviceaccount.com) is left out.
"""
tables = ["inventory.resources"]

[check]
control = "AC-06"
criteria = ["CC6.3"]
provider = "gcp"
resource_type = "cloudresourcemanager.googleapis.com/Project"
--- */
WITH policies AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'iamPolicy'), false) AS is_unread,
        coalesce(json_extract(config, '$.iamPolicy.bindings[*]'), []) AS bindings
    FROM inventory.resources
    WHERE type = 'cloudresourcemanager.googleapis.com/Project'
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
    WHERE role IN ('roles/owner', 'roles/editor') AND member NOT LIKE '%@cloudservices.gserviceaccount.com'
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
            THEN 'basic roles: ' || found.grants || ', among them ' || found.example
        WHEN policies.is_unread THEN 'its policy could not be read'
        ELSE 'no basic role'
    END AS reason
FROM policies
LEFT JOIN found ON found.resource_key = policies.resource_key
ORDER BY policies.resource_key;
