/* ---
title = "Table is encrypted with a key in KMS"
description = """
Tables are always encrypted; without a key in KMS the key belongs to the service and its use is not logged. With
require_customer_key set to false, the key of the service passes.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "require_customer_key"
type = "boolean"
default = true
description = "Whether a key of the provider is not enough."

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::DynamoDB::Table"
--- */
WITH tables AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeTable') OR NOT json_exists(config, '$.DescribeTable') AS is_unread,
        (config ->> '$.DescribeTable.Table.SSEDescription.SSEType') = 'KMS' AS has_key
    FROM inventory.resources
    WHERE type = 'AWS::DynamoDB::Table'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN has_key THEN 'pass'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the table could not be read'
        WHEN has_key THEN 'encrypted with a key in KMS'
        WHEN NOT coalesce(getvariable('require_customer_key'), true) THEN 'encrypted with a key of the service'
        ELSE 'encrypted with a key of the service only'
    END AS reason
FROM tables
ORDER BY resource_key;
