/* ---
title = "Resource share is limited to the organization"
description = """
A share that allows outside principals can be widened to any account by whoever manages it.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "aws"
resource_type = "AWS::RAM::ResourceShare"
--- */
WITH shares AS (
    SELECT
        resource_key,
        config ->> '$.status' AS state,
        config ->> '$.allowExternalPrincipals' AS allows_outsiders
    FROM inventory.resources
    WHERE type = 'AWS::RAM::ResourceShare'
)

SELECT
    resource_key,
    CASE
        WHEN state <> 'ACTIVE' THEN 'not_applicable'
        WHEN allows_outsiders = 'false' THEN 'pass'
        WHEN allows_outsiders = 'true' THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN state <> 'ACTIVE' THEN 'share is ' || lower(state)
        WHEN allows_outsiders = 'false' THEN 'for the organization only'
        WHEN allows_outsiders = 'true' THEN 'outside principals are allowed'
        ELSE 'whom it allows is not known'
    END AS reason
FROM shares
ORDER BY resource_key;
