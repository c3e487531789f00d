/* ---
title = "Reader of a stream keeps what it cannot process"
description = """
A function that reads a stream drops records after its tries unless a destination for failures is set. Readers of
queues have the dead-letter queue of their source instead.
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
        config ->> '$.EventSourceArn' AS source,
        config ->> '$.DestinationConfig.OnFailure.Destination' AS destination
    FROM inventory.resources
    WHERE type = 'AWS::Lambda::EventSourceMapping'
)
SELECT
    resource_key,
    CASE
        WHEN source IS NULL OR NOT regexp_matches(source, '^arn:[^:]+:(kinesis|dynamodb|kafka):')
            THEN 'not_applicable'
        WHEN destination IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN source IS NULL OR NOT regexp_matches(source, '^arn:[^:]+:(kinesis|dynamodb|kafka):')
            THEN 'no stream is read'
        WHEN destination IS NULL THEN 'failures of ' || source || ' are dropped'
        ELSE 'failures go to ' || destination
    END AS reason
FROM mappings
ORDER BY resource_key;
