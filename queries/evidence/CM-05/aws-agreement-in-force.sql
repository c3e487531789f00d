/* ---
title = "Agreement with AWS is in force"
description = """
Addenda such as the one for health data bind AWS only while they are in force for the account. Looks at every
agreement that was ever accepted in AWS Artifact.
"""
tables = ["inventory.resources"]

[check]
control = "CM-05"
criteria = ["CC2.3", "CC9.2"]
provider = "aws"
resource_type = "AWS::Artifact::CustomerAgreement"
--- */
WITH agreements AS (
    SELECT
        resource_key,
        config ->> '$.state' AS state,
        config ->> '$.name' AS agreement
    FROM inventory.resources
    WHERE type = 'AWS::Artifact::CustomerAgreement'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state = 'ACTIVE' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state = 'ACTIVE' THEN 'in force: ' || coalesce(agreement, 'no name')
        ELSE coalesce(agreement, 'no name') || ': ' || state
    END AS reason
FROM agreements
ORDER BY resource_key;
