/* ---
title = "Role of our own making can't give itself more rights"
description = """
A custom role that may set policies of access, edit roles or mint credentials of service accounts is an administrator
under another name.
"""
tables = ["inventory.resources"]

[check]
control = "AC-06"
criteria = ["CC6.3"]
provider = "gcp"
resource_type = "iam.googleapis.com/Role"
--- */
WITH custom_roles AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.deleted', 'false') = 'true' AS is_deleted,
        list_filter(
            json_extract_string(config, '$.includedPermissions[*]'),
            lambda permission: permission LIKE 'resourcemanager.%.setIamPolicy'
                OR permission IN (
                    'iam.roles.update',
                    'iam.serviceAccountKeys.create',
                    'iam.serviceAccounts.getAccessToken',
                    'iam.serviceAccounts.setIamPolicy',
                    'iam.serviceAccounts.signBlob',
                    'iam.serviceAccounts.signJwt'
                )
        ) AS raising
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/Role'
)

SELECT
    resource_key,
    CASE
        WHEN is_deleted THEN 'not_applicable'
        WHEN raising IS NULL THEN 'unknown'
        WHEN len(raising) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_deleted THEN 'deleted'
        WHEN raising IS NULL THEN 'its permissions are not known'
        WHEN len(raising) = 0 THEN 'no permission that gives more rights'
        ELSE array_to_string(list_sort(raising), ', ')
    END AS reason
FROM custom_roles
ORDER BY resource_key;
