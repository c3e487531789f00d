/* ---
title = "Workload identity provider has a condition"
description = """
Providers of public issuers let every repository of the world in unless a condition names ours. Providers that are
off are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
provider = "gcp"
resource_type = "iam.googleapis.com/WorkloadIdentityPoolProvider"
--- */
WITH providers AS (
    SELECT
        resource_key,
        (config ->> '$.disabled') = 'true' OR (config ->> '$.state') = 'DELETED' AS is_off,
        nullif(config ->> '$.attributeCondition', '') AS condition
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/WorkloadIdentityPoolProvider'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'not_applicable'
        WHEN condition IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        WHEN condition IS NULL THEN 'no condition'
        ELSE condition
    END AS reason
FROM providers
ORDER BY resource_key;
