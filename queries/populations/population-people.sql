/* ---
title = "People who can sign in to the clouds"
description = """
One row for each user of IAM, of Identity Center's directory, and each guest in the Entra directory (members are kept
out of the crawl), and for each person whom a policy of a Google organization, folder or project names. What access
reviews are sampled from.
"""
tables = ["inventory.resources"]

[[columns]]
name = "provider"
description = "Where it is: aws, azure, gcp, or any for third parties."

[[columns]]
name = "item_key"
description = "The item, once; what a sample is drawn by."

[[columns]]
name = "item_type"
description = "What it is, in the provider's own word."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; NULL where it is in none."

[[columns]]
name = "name"
description = "The name a person gave it."

[[columns]]
name = "happened_at"
description = "When it happened or was made (UTC), where that is known."

[[columns]]
name = "detail"
description = "What an auditor has to know of it."
--- */
WITH users AS (
    SELECT provider, resource_key, type, scope_id, name, created_at
    FROM inventory.resources
    WHERE type IN ('AWS::IAM::User', 'AWS::IdentityStore::User', 'microsoft.graph/users')
),
grants AS (
    SELECT
        provider,
        resource_key,
        unnest(flatten([json_extract_string(config, '$.iamPolicy.bindings[*].members[*]')])) AS member
    FROM inventory.resources
    WHERE type IN (
        'cloudresourcemanager.googleapis.com/Organization',
        'cloudresourcemanager.googleapis.com/Folder',
        'cloudresourcemanager.googleapis.com/Project'
    )
),
people AS (
    SELECT
        provider,
        resource_key AS item_key,
        type AS item_type,
        scope_id,
        name,
        created_at AS happened_at,
        'user in ' || scope_id AS detail
    FROM users
    UNION ALL
    SELECT
        provider,
        member AS item_key,
        'user' AS item_type,
        CAST(NULL AS VARCHAR) AS scope_id,
        substr(member, 6) AS name,
        CAST(NULL AS TIMESTAMP) AS happened_at,
        'named in policies: ' || count(DISTINCT resource_key) AS detail
    FROM grants
    WHERE member LIKE 'user:%'
    GROUP BY provider, member
)
SELECT provider, item_key, item_type, scope_id, name, happened_at, detail
FROM people
ORDER BY provider, item_key;
