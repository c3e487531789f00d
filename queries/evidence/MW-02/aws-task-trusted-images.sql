/* ---
title = "Task runs images of trusted registries only"
description = """
Images come from a registry where they are kept and scanned. Passes where every image comes from a private ECR
registry, or matches trusted_images.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "trusted_images"
type = "text"
default = "[.]dkr[.]ecr[.]"
description = "A regular expression that the names of trusted images match."

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "aws"
resource_type = "AWS::ECS::TaskDefinition"
--- */
WITH images AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeTaskDefinition')
            OR NOT json_exists(config, '$.DescribeTaskDefinition') AS is_unread,
        json_extract_string(
            config, '$.DescribeTaskDefinition.taskDefinition.containerDefinitions[*].image'
        ) AS names,
        coalesce(getvariable('trusted_images'), '[.]dkr[.]ecr[.]') AS trusted,
        list_filter(names, lambda image: NOT regexp_matches(image, trusted)) AS strangers
    FROM inventory.resources
    WHERE type = 'AWS::ECS::TaskDefinition'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(names) = 0 THEN 'not_applicable'
        WHEN len(strangers) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the images could not be read'
        WHEN len(names) = 0 THEN 'no image'
        WHEN len(strangers) = 0 THEN len(names) || ' images of trusted registries'
        ELSE 'from elsewhere: ' || array_to_string(strangers, ', ')
    END AS reason
FROM images
ORDER BY resource_key;
