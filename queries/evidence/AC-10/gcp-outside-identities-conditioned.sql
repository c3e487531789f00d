/* ---
title = "Provider of outside identities says which of them are let in"
description = """
An issuer such as a code host vouches for all of its customers. Without an attribute condition each of them is let
into the pool. An AWS account is itself a limit.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "gcp"
resource_type = "iam.googleapis.com/WorkloadIdentityPoolProvider"
--- */
WITH providers AS (
    SELECT
        resource_key,
        config ->> '$.state' AS state,
        coalesce(config ->> '$.disabled', 'false') = 'true' AS is_disabled,
        config ->> '$.aws.accountId' AS aws_account,
        nullif(trim(config ->> '$.attributeCondition'), '') AS condition
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/WorkloadIdentityPoolProvider'
)

SELECT
    resource_key,
    CASE
        WHEN state = 'DELETED' OR is_disabled THEN 'not_applicable'
        WHEN condition IS NOT NULL OR aws_account IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state = 'DELETED' THEN 'deleted'
        WHEN is_disabled THEN 'disabled'
        WHEN condition IS NOT NULL THEN 'condition: ' || condition
        WHEN aws_account IS NOT NULL THEN 'AWS account ' || aws_account
        ELSE 'no attribute condition'
    END AS reason
FROM providers
ORDER BY resource_key;
