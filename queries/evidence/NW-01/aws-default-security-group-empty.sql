/* ---
title = "Default security group of the network has no rules"
description = """
Whatever is started without a choice of its own lands in the default group. Without rules it is shut off instead of
trusted.
"""
tables = ["inventory.resources"]

[check]
control = "NW-01"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::SecurityGroup"
--- */
WITH groups AS (
    SELECT
        resource_key,
        config ->> '$.GroupName' AS group_name,
        coalesce(len(json_extract(config, '$.IpPermissions[*]')), 0) AS rules_in,
        coalesce(len(json_extract(config, '$.IpPermissionsEgress[*]')), 0) AS rules_out
    FROM inventory.resources
    WHERE type = 'AWS::EC2::SecurityGroup'
)

SELECT
    resource_key,
    CASE
        WHEN group_name <> 'default' THEN 'not_applicable'
        WHEN rules_in + rules_out = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN group_name <> 'default' THEN 'not a default group'
        ELSE 'rules in: ' || rules_in || ', rules out: ' || rules_out
    END AS reason
FROM groups
ORDER BY resource_key;
