/* ---
title = "Container cluster reports how its tasks are doing"
description = """
Looks at Container Insights, in its plain or enhanced form.
"""
tables = ["inventory.resources"]

[check]
control = "LG-05"
criteria = ["CC7.2", "A1.1"]
provider = "aws"
resource_type = "AWS::ECS::Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeClusters') OR NOT json_exists(config, '$.DescribeClusters') AS is_unread,
        coalesce(list_filter(
            json_extract(config, '$.DescribeClusters.clusters[0].settings[*]'),
            lambda setting: (setting ->> '$.name') = 'containerInsights'
        )[1] ->> '$.value', 'not stated') AS insights
    FROM inventory.resources
    WHERE type = 'AWS::ECS::Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN insights IN ('enabled', 'enhanced') THEN 'pass'
        WHEN insights = 'not stated' THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the cluster could not be read'
        WHEN insights IN ('enabled', 'enhanced') THEN 'Container Insights ' || insights
        WHEN insights = 'not stated' THEN 'the setting is not stated'
        ELSE 'Container Insights ' || insights
    END AS reason
FROM clusters
ORDER BY resource_key;
