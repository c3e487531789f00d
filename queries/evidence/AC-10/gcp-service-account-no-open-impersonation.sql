/* ---
title = "Service account can't be used by everyone or by consumer accounts"
description = """
Who holds a role on a service account can act as it. Everyone, all signed-in accounts and consumer accounts are
outside of our control.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "gcp"
resource_type = "iam.googleapis.com/ServiceAccount"
--- */
WITH policies AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'iamPolicy'), false) AS is_unread,
        coalesce(json_extract(config, '$.iamPolicy.bindings[*]'), []) AS bindings
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/ServiceAccount'
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
    WHERE member IN ('allUsers', 'allAuthenticatedUsers')
        OR regexp_matches(member, '^user:.*@(gmail|googlemail)\.com$')
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
            THEN 'open to outsiders: ' || found.grants || ', among them ' || found.example
        WHEN policies.is_unread THEN 'its policy could not be read'
        ELSE 'not open to everyone'
    END AS reason
FROM policies
LEFT JOIN found ON found.resource_key = policies.resource_key
ORDER BY policies.resource_key;
