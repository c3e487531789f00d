/* ---
title = "Machine asks for a token before it gives out its identity"
description = """
Without a token, a request that an attacker forges is enough to take the machine's credentials.
"""
tables = ["inventory.resources"]

[check]
control = "VM-03"
criteria = ["CC7.1", "CC5.2"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH machines AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.State.Name', 'unknown') AS machine_state,
        coalesce(config ->> '$.MetadataOptions.HttpEndpoint', 'enabled') AS endpoint,
        config ->> '$.MetadataOptions.HttpTokens' AS tokens
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Instance'
)
SELECT
    resource_key,
    CASE
        WHEN machine_state IN ('terminated', 'shutting-down') THEN 'not_applicable'
        WHEN endpoint = 'disabled' THEN 'pass'
        WHEN tokens IS NULL THEN 'unknown'
        WHEN tokens = 'required' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN machine_state IN ('terminated', 'shutting-down') THEN 'the machine is ' || machine_state
        WHEN endpoint = 'disabled' THEN 'metadata is off'
        WHEN tokens IS NULL THEN 'no setting is stated'
        WHEN tokens = 'required' THEN 'tokens are required'
        ELSE 'tokens are ' || tokens
    END AS reason
FROM machines
ORDER BY resource_key;
