/* ---
title = "Nobody both manages keys and uses them"
description = """
Who may replace a key and also decrypt with it needs nobody else to get at the data. On one project, key
administrators must not be encrypters or decrypters.
"""
tables = ["inventory.resources"]

[check]
control = "AC-12"
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

members AS (
    SELECT resource_key, member
    FROM grants
    GROUP BY resource_key, member
    HAVING bool_or(role IN ('roles/cloudkms.admin'))
        AND bool_or(role IN (
            'roles/cloudkms.cryptoKeyEncrypterDecrypter',
            'roles/cloudkms.cryptoKeyDecrypter',
            'roles/cloudkms.cryptoKeyEncrypter'
        ))
),

conflicts AS (
    SELECT resource_key, count(*) AS members, min(member) AS example
    FROM members
    GROUP BY resource_key
)

SELECT
    policies.resource_key,
    CASE
        WHEN conflicts.members > 0 THEN 'fail'
        WHEN policies.is_unread THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN conflicts.members > 0
            THEN 'hold both duties: ' || conflicts.members || ', among them ' || conflicts.example
        WHEN policies.is_unread THEN 'its policy could not be read'
        ELSE 'nobody holds both duties'
    END AS reason
FROM policies
LEFT JOIN conflicts ON conflicts.resource_key = policies.resource_key
ORDER BY policies.resource_key;
