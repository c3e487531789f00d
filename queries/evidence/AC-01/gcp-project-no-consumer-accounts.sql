/* ---
title = "No consumer account has a role on the project"
description = """
Accounts at gmail.com or googlemail.com are outside of our sign-in: nobody can ask them for a second factor or end
them.
"""
tables = ["inventory.resources"]

[check]
control = ["AC-01", "AC-02"]
criteria = ["CC6.1", "CC6.2"]
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
    WHERE regexp_matches(member, '^user:.*@(gmail|googlemail)\.com$')
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
            THEN 'consumer accounts: ' || found.grants || ', among them ' || found.example
        WHEN policies.is_unread THEN 'its policy could not be read'
        ELSE 'no consumer account'
    END AS reason
FROM policies
LEFT JOIN found ON found.resource_key = policies.resource_key
ORDER BY policies.resource_key;
