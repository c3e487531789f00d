/* ---
title = "Machine image is shared inside our accounts only"
description = """
Who may start an image may read what it holds. Accounts of ours are those that the inventory knows; being public is
another check.
"""
tables = ["inventory.resources", "inventory.scopes"]

[check]
control = "DP-05"
criteria = ["CC6.1", "CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::EC2::Image"
--- */
WITH our_accounts AS (
    SELECT coalesce(list(scope_id), []) AS ids
    FROM inventory.scopes
    WHERE provider = 'aws' AND kind = 'account'
),
shares AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeImageAttribute')
            OR NOT json_exists(config, '$.DescribeImageAttribute') AS is_unread,
        json_extract_string(config, '$.DescribeImageAttribute.LaunchPermissions[*].UserId') AS accounts,
        list_filter(accounts, lambda account: NOT list_contains(ids, account)) AS outside_accounts
    FROM inventory.resources
    CROSS JOIN our_accounts
    WHERE type = 'AWS::EC2::Image'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN len(accounts) = 0 THEN 'pass'
        WHEN len(outside_accounts) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the sharing could not be read'
        WHEN len(accounts) = 0 THEN 'shared with no account'
        WHEN len(outside_accounts) = 0 THEN 'shared with ' || len(accounts) || ' accounts of ours'
        ELSE 'shared with ' || array_to_string(outside_accounts, ', ')
    END AS reason
FROM shares
ORDER BY resource_key;
