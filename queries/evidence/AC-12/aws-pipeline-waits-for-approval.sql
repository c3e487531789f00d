/* ---
title = "Pipeline that deploys waits for an approval"
description = """
Whoever pushes a change must not be the one who lets it into production alone. A pipeline with a deploy action needs
an approval action.
"""
tables = ["inventory.resources"]

[check]
control = "AC-12"
criteria = ["CC6.3", "CC8.1"]
provider = "aws"
resource_type = "AWS::CodePipeline::Pipeline"
--- */
WITH pipelines AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'GetPipeline'), false)
            OR NOT json_exists(config, '$.GetPipeline') AS is_unread,
        json_extract_string(
            config, '$.GetPipeline.pipeline.stages[*].actions[*].actionTypeId.category'
        ) AS categories
    FROM inventory.resources
    WHERE type = 'AWS::CodePipeline::Pipeline'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN NOT list_contains(categories, 'Deploy') THEN 'not_applicable'
        WHEN list_contains(categories, 'Approval') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its stages could not be read'
        WHEN NOT list_contains(categories, 'Deploy') THEN 'deploys nothing'
        WHEN list_contains(categories, 'Approval') THEN 'has an approval action'
        ELSE 'deploys without an approval action'
    END AS reason
FROM pipelines
ORDER BY resource_key;
