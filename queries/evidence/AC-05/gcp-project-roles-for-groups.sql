/* ---
title = "Project gives roles to groups and not to single people"
description = """
Owners review groups. A role that hangs on one person is found by nobody who reviews the group and stays when the
person moves on.
"""
tables = ["inventory.resources"]

[check]
control = "AC-05"
criteria = ["CC6.2", "CC6.3"]
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
    WHERE member LIKE 'user:%'
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
            THEN 'roles of single people: ' || found.grants || ', among them ' || found.example
        WHEN policies.is_unread THEN 'its policy could not be read'
        ELSE 'no role of a single person'
    END AS reason
FROM policies
LEFT JOIN found ON found.resource_key = policies.resource_key
ORDER BY policies.resource_key;
