/* ---
title = "Stack is as its template says"
description = """
Drift shows changes by hand. A stack that was never compared is unknown.
"""
tables = ["inventory.resources"]

[check]
control = "CH-04"
criteria = ["CC8.1"]
provider = "aws"
resource_type = "AWS::CloudFormation::Stack"
--- */
WITH stacks AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.DriftInformation.StackDriftStatus', 'NOT_CHECKED') AS drift
    FROM inventory.resources
    WHERE type = 'AWS::CloudFormation::Stack'
)
SELECT
    resource_key,
    CASE
        WHEN drift = 'IN_SYNC' THEN 'pass'
        WHEN drift = 'DRIFTED' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN drift = 'IN_SYNC' THEN 'in sync'
        WHEN drift = 'DRIFTED' THEN 'changed by hand'
        ELSE 'never compared with its template'
    END AS reason
FROM stacks
ORDER BY resource_key;
