/* ---
title = "Resource share stays inside the organization"
description = """
A share that allows outside principals can be given to any account. Shares that are deleted are left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-05"
criteria = ["CC6.1", "CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::RAM::ResourceShare"
--- */
WITH shares AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.status', 'ACTIVE') AS share_status,
        (config ->> '$.allowExternalPrincipals') = 'true' AS allows_outsiders
    FROM inventory.resources
    WHERE type = 'AWS::RAM::ResourceShare'
)
SELECT
    resource_key,
    CASE
        WHEN share_status IN ('DELETED', 'DELETING') THEN 'not_applicable'
        WHEN allows_outsiders THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN share_status IN ('DELETED', 'DELETING') THEN 'the share is deleted'
        WHEN allows_outsiders THEN 'outside principals are allowed'
        ELSE 'inside the organization only'
    END AS reason
FROM shares
ORDER BY resource_key;
