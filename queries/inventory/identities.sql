/* ---
title = "Who and what can sign in, by account, subscription and project"
description = """
Users, groups, roles, applications and service accounts by scope: the populations of an access review. A type that
could not be listed somewhere is missing there: see `coverage-gaps`.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription, project or tenant."

[[columns]]
name = "kind"
description = "person, group, role, application or workload."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "identities"
description = "Live identities."

[[columns]]
name = "oldest_created_at"
description = "When the oldest of them was created, where the provider says so."
--- */
WITH kinds AS (
    SELECT
        provider,
        scope_id,
        type AS type_name,
        created_at,
        CASE
            WHEN type IN ('AWS::IAM::User', 'AWS::IdentityStore::User', 'microsoft.graph/users') THEN 'person'
            WHEN type IN ('AWS::IAM::Group', 'AWS::IdentityStore::Group', 'microsoft.graph/groups') THEN 'group'
            WHEN type IN ('AWS::IAM::Role', 'iam.googleapis.com/Role', 'AWS::SSO::PermissionSet') THEN 'role'
            WHEN type IN ('microsoft.graph/applications', 'microsoft.graph/serviceprincipals') THEN 'application'
            WHEN type IN (
                'iam.googleapis.com/ServiceAccount',
                'iam.googleapis.com/WorkloadIdentityPool',
                'microsoft.managedidentity/userassignedidentities'
            ) THEN 'workload'
        END AS identity_kind
    FROM inventory.resources
)
SELECT
    provider,
    scope_id,
    identity_kind AS kind,
    type_name AS type,
    count(*) AS identities,
    min(created_at) AS oldest_created_at
FROM kinds
WHERE identity_kind IS NOT NULL
    AND coalesce(getvariable('provider'), '') IN ('', provider)
GROUP BY provider, scope_id, identity_kind, type_name
ORDER BY provider, scope_id, identity_kind, type_name;
