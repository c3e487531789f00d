/* ---
title = "Deployment identity serves one repository"
description = """
A subject with a wildcard serves repositories that nobody named. Identities without such a credential are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
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
        list_filter(
            subjects, lambda subject: contains(subject, '*')
        ) AS loose
    FROM inventory.resources
    WHERE type = 'microsoft.managedidentity/userassignedidentities'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(subjects) = 0 THEN 'not_applicable'
        WHEN len(loose) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the credentials could not be read'
        WHEN len(subjects) = 0 THEN 'no credential of a repository'
        WHEN len(loose) = 0 THEN 'limited to ' || array_to_string(subjects, ', ')
        ELSE 'serves ' || array_to_string(loose, ', ')
    END AS reason
FROM identities
ORDER BY resource_key;
