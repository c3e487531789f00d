/* ---
title = "Pipeline asks for approval before it deploys"
description = """
Somebody says yes before a change reaches production. Pipelines that deploy nothing are left out; actions are taken
in their order.
"""
tables = ["inventory.resources"]

[check]
control = "CH-01"
criteria = ["CC8.1"]
provider = "aws"
resource_type = "AWS::CodePipeline::Pipeline"
--- */
WITH pipelines AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetPipeline') OR NOT json_exists(config, '$.GetPipeline') AS is_unread,
        json_extract_string(
            config, '$.GetPipeline.pipeline.stages[*].actions[*].actionTypeId.category'
        ) AS categories,
        coalesce(list_position(categories, 'Deploy'), 0) AS first_deployment,
        coalesce(list_position(categories, 'Approval'), 0) AS first_step
    FROM inventory.resources
    WHERE type = 'AWS::CodePipeline::Pipeline'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN first_deployment = 0 THEN 'not_applicable'
        WHEN first_step BETWEEN 1 AND first_deployment THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the pipeline could not be read'
        WHEN first_deployment = 0 THEN 'deploys nothing'
        WHEN first_step BETWEEN 1 AND first_deployment THEN 'approval before the first deployment'
        ELSE 'no approval before the first deployment'
    END AS reason
FROM pipelines
ORDER BY resource_key;
