/* ---
title = "Service runs more than one task"
description = """
A service with one task stops with it. Daemons run once on every machine by nature, and a service that is scaled to
nothing serves nobody.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "aws"
resource_type = "AWS::ECS::Service"
--- */
WITH services AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeServices') OR NOT json_exists(config, '$.DescribeServices')
            AS is_unread,
        config ->> '$.DescribeServices.services[0].status' AS state,
        config ->> '$.DescribeServices.services[0].schedulingStrategy' = 'DAEMON' AS is_daemon,
        CAST(config ->> '$.DescribeServices.services[0].desiredCount' AS INTEGER) AS tasks
    FROM inventory.resources
    WHERE type = 'AWS::ECS::Service'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_daemon THEN 'not_applicable'
        WHEN state <> 'ACTIVE' THEN 'not_applicable'
        WHEN tasks = 0 THEN 'not_applicable'
        WHEN tasks >= 2 THEN 'pass'
        WHEN tasks IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the service could not be read'
        WHEN is_daemon THEN 'a daemon'
        WHEN state <> 'ACTIVE' THEN 'state ' || state
        WHEN tasks = 0 THEN 'scaled to nothing'
        WHEN tasks >= 2 THEN 'tasks: ' || tasks
        WHEN tasks IS NULL THEN 'the number of tasks is not in the answer'
        ELSE 'one task'
    END AS reason
FROM services
ORDER BY resource_key;
