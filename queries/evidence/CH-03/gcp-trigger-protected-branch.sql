/* ---
title = "Build trigger builds from a protected branch"
description = """
What is released comes from a branch that nobody changes alone. Compares the branch pattern of push triggers with
release_branches; other triggers, and those that are off, are left out.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "release_branches"
type = "text"
default = "^\\^?(main|master|production|release[^*]*)\\$?$"
description = "A regular expression that the branch patterns of protected branches match."

[check]
control = "CH-03"
criteria = ["CC8.1", "CC6.3"]
provider = "gcp"
resource_type = "cloudbuild.googleapis.com/BuildTrigger"
--- */
WITH triggers AS (
    SELECT
        resource_key,
        (config ->> '$.disabled') = 'true' AS is_off,
        coalesce(
            config ->> '$.github.push.branch',
            config ->> '$.repositoryEventConfig.push.branch',
            config ->> '$.triggerTemplate.branchName'
        ) AS branch,
        coalesce(getvariable('release_branches'), '^\^?(main|master|production|release[^*]*)\$?$') AS protected
    FROM inventory.resources
    WHERE type = 'cloudbuild.googleapis.com/BuildTrigger'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'not_applicable'
        WHEN branch IS NULL THEN 'not_applicable'
        WHEN regexp_matches(branch, protected) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        WHEN branch IS NULL THEN 'not started by a branch'
        WHEN regexp_matches(branch, protected) THEN 'builds from ' || branch
        ELSE 'builds from ' || branch
    END AS reason
FROM triggers
ORDER BY resource_key;
