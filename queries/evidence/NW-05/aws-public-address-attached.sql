/* ---
title = "Public address is attached to something"
description = """
An address that belongs to nothing is forgotten, with the names and the allow-lists that still point to it.
"""
tables = ["inventory.resources"]

[check]
control = "NW-05"
criteria = ["CC6.6"]
provider = "aws"
resource_type = "AWS::EC2::EIP"
--- */
WITH addresses AS (
    SELECT
        resource_key,
        config ->> '$.PublicIp' AS public_ip,
        coalesce(
            config ->> '$.NetworkInterfaceId', config ->> '$.InstanceId', config ->> '$.AssociationId'
        ) AS attached_to
    FROM inventory.resources
    WHERE type = 'AWS::EC2::EIP'
)

SELECT
    resource_key,
    CASE WHEN nullif(attached_to, '') IS NOT NULL THEN 'pass' ELSE 'fail' END AS status,
    public_ip || coalesce(' is attached to ' || nullif(attached_to, ''), ' is attached to nothing') AS reason
FROM addresses
ORDER BY resource_key;
