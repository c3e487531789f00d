/* ---
title = "Pipeline releases from a protected branch"
description = """
What is released comes from a branch that nobody changes alone. Compares the branches of the source actions with
release_branches; sources without a branch are left out.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "release_branches"
type = "text"
default = "^(main|master|production|release.*)$"
description = "A regular expression that the names of protected branches match."

[check]
control = "CH-03"
criteria = ["CC8.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::CodePipeline::Pipeline"
--- */
WITH pipelines AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetPipeline') OR NOT json_exists(config, '$.GetPipeline') AS is_unread,
        list_concat(
            json_extract_string(config, '$.GetPipeline.pipeline.stages[*].actions[*].configuration.BranchName'),
            json_extract_string(config, '$.GetPipeline.pipeline.stages[*].actions[*].configuration.Branch')
        ) AS branches,
        coalesce(getvariable('release_branches'), '^(main|master|production|release.*)$') AS protected,
        list_filter(branches, lambda branch: NOT regexp_matches(branch, protected)) AS others
    FROM inventory.resources
    WHERE type = 'AWS::CodePipeline::Pipeline'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(branches) = 0 THEN 'not_applicable'
        WHEN len(others) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the pipeline could not be read'
        WHEN len(branches) = 0 THEN 'no branch is named'
        WHEN len(others) = 0 THEN 'releases from ' || array_to_string(branches, ', ')
        ELSE 'releases from ' || array_to_string(others, ', ')
    END AS reason
FROM pipelines
ORDER BY resource_key;
