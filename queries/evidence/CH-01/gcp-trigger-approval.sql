/* ---
title = "Build trigger asks for approval"
description = """
Somebody says yes before a build runs. Triggers that are off, and those that only test pull requests, are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-01"
criteria = ["CC8.1"]
provider = "gcp"
resource_type = "cloudbuild.googleapis.com/BuildTrigger"
--- */
WITH triggers AS (
    SELECT
        resource_key,
        (config ->> '$.disabled') = 'true' AS is_off,
        json_exists(config, '$.github.pullRequest')
            OR json_exists(config, '$.repositoryEventConfig.pullRequest') AS is_for_pull_requests,
        coalesce(config ->> '$.approvalConfig.approvalRequired', 'false') = 'true' AS asks
    FROM inventory.resources
    WHERE type = 'cloudbuild.googleapis.com/BuildTrigger'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'not_applicable'
        WHEN is_for_pull_requests THEN 'not_applicable'
        WHEN asks THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        WHEN is_for_pull_requests THEN 'tests pull requests'
        WHEN asks THEN 'approval required'
        ELSE 'no approval required'
    END AS reason
FROM triggers
ORDER BY resource_key;
