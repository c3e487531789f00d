/* ---
title = "Instance was started without a login key"
description = """
A key pair means that somebody logs in over SSH with a private key on a laptop. Sessions of Systems Manager need none
and are recorded.
"""
tables = ["inventory.resources"]

[check]
control = "NW-04"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH instances AS (
    SELECT resource_key, config ->> '$.State.Name' AS state, config ->> '$.KeyName' AS key_name
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Instance'
)

SELECT
    resource_key,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN key_name IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'instance is ' || state
        WHEN key_name IS NULL THEN 'no key pair'
        ELSE 'key pair ' || key_name
    END AS reason
FROM instances
ORDER BY resource_key;
