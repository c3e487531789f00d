/* ---
title = "Tenant that manages for us holds no wide role for good"
description = """
What another tenant may do by delegation is to be narrow, or taken for a time only (eligible authorizations). Owner,
Contributor and User Access Administrator as standing authorizations fail.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "azure"
resource_type = "microsoft.managedservices/registrationdefinitions"
--- */
WITH resources AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'properties'), false)
            OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(config ->> '$.properties.managedByTenantName', config ->> '$.properties.managedByTenantId') AS tenant,
        list_filter(
            json_extract_string(config, '$.properties.authorizations[*].roleDefinitionId'),
            lambda role: regexp_matches(
                lower(role),
                '(8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c'
                || '|18d7d88d-d35e-4fb5-a5c3-7773c20a72d9)$'
            )
        ) AS standing
    FROM inventory.resources
    WHERE type = 'microsoft.managedservices/registrationdefinitions'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(standing) > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'its settings could not be read'
        WHEN len(standing) > 0 THEN coalesce(tenant, 'a tenant') || ' holds wide roles for good: ' || len(standing)
        ELSE coalesce(tenant, 'the tenant') || ' holds no wide role for good'
    END AS reason
FROM resources
ORDER BY resource_key;
