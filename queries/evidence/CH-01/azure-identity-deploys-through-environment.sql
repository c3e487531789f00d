/* ---
title = "Deployment identity is given in an environment only"
description = """
Reviewers are asked by the rules of an environment; a branch or a tag asks nobody. Looks at the subjects of repository
credentials (GitHub); whether the environment names reviewers is kept in the repository. Identities without such a
credential are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-01"
criteria = ["CC8.1"]
provider = "azure"
resource_type = "microsoft.managedidentity/userassignedidentities"
--- */
WITH identities AS (
    SELECT
        resource_key,
        list_contains(unread, 'federatedIdentityCredentials')
            OR NOT json_exists(config, '$.federatedIdentityCredentials') AS is_unread,
        list_filter(
            json_extract_string(config, '$.federatedIdentityCredentials[*].properties.subject'),
            lambda subject: starts_with(subject, 'repo:')
        ) AS subjects,
        list_filter(subjects, lambda subject: NOT contains(subject, ':environment:')) AS without_environment
    FROM inventory.resources
    WHERE type = 'microsoft.managedidentity/userassignedidentities'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(subjects) = 0 THEN 'not_applicable'
        WHEN len(without_environment) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the credentials could not be read'
        WHEN len(subjects) = 0 THEN 'no credential of a repository'
        WHEN len(without_environment) = 0 THEN 'given to ' || array_to_string(subjects, ', ')
        ELSE 'given without an environment: ' || array_to_string(without_environment, ', ')
    END AS reason
FROM identities
ORDER BY resource_key;
