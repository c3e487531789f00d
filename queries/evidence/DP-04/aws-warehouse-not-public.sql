/* ---
title = "Warehouse cluster has no public address"
description = """
A warehouse that resolves to a public address is one firewall rule away from everybody.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::Redshift::Cluster"
--- */
WITH settings AS (
    SELECT
        resource_key,
        (config ->> '$.PubliclyAccessible') = 'true' AS is_public
    FROM inventory.resources
    WHERE type = 'AWS::Redshift::Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN is_public THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_public THEN 'publicly accessible'
        ELSE 'private address only'
    END AS reason
FROM settings
ORDER BY resource_key;
