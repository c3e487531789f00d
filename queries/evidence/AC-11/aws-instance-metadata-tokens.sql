/* ---
title = "Instance gives credentials to token requests only"
description = """
With version 1 of the metadata service a single forged request hands out the role's credentials. HttpTokens has to be
required, or the service switched off.
"""
tables = ["inventory.resources"]

[check]
control = ["AC-11", "VM-03"]
criteria = ["CC5.2", "CC6.1", "CC6.3", "CC7.1"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH instances AS (
    SELECT
        resource_key,
        config ->> '$.State.Name' AS state,
        config ->> '$.MetadataOptions.HttpTokens' AS tokens,
        config ->> '$.MetadataOptions.HttpEndpoint' AS endpoint
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Instance'
)

SELECT
    resource_key,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN endpoint = 'disabled' OR tokens = 'required' THEN 'pass'
        WHEN tokens IS NULL THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IN ('terminated', 'shutting-down') THEN 'instance is ' || state
        WHEN endpoint = 'disabled' THEN 'metadata service is off'
        WHEN tokens IS NULL THEN 'metadata options could not be read'
        ELSE 'tokens are ' || tokens
    END AS reason
FROM instances
ORDER BY resource_key;
