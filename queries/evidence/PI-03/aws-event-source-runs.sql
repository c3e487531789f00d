/* ---
title = "Reader of a queue or stream is running"
description = """
A mapping that is disabled lets its source fill up while nothing is processed.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "aws"
resource_type = "AWS::Lambda::EventSourceMapping"
--- */
WITH mappings AS (
    SELECT
        resource_key,
        config ->> '$.State' AS state
    FROM inventory.resources
    WHERE type = 'AWS::Lambda::EventSourceMapping'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state IN ('Enabled', 'Enabling', 'Creating', 'Updating') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state IN ('Enabled', 'Enabling', 'Creating', 'Updating') THEN 'state ' || state
        ELSE 'state ' || state
    END AS reason
FROM mappings
ORDER BY resource_key;
