/* ---
title = "Instance acts with a role of its own"
description = """
Software on a machine without an instance profile can only call AWS with keys that somebody has put there.
"""
tables = ["inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.State.Name' AS state,
        config ->> '$.IamInstanceProfile.Arn' AS profile_arn
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Instance'
)

SELECT
    resource_key,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN profile_arn IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'instance is ' || state
        WHEN profile_arn IS NOT NULL THEN 'instance profile ' || split_part(profile_arn, '/', -1)
        ELSE 'no instance profile'
    END AS reason
FROM instances
ORDER BY resource_key;
