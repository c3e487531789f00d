/* ---
title = "Connection to the code host works"
description = """
A connection that waits or failed is a loose end of somebody's access.
"""
tables = ["inventory.resources"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::CodeConnections::Connection"
--- */
WITH connections AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.ConnectionStatus', 'not stated') AS connection_status
    FROM inventory.resources
    WHERE type = 'AWS::CodeConnections::Connection'
)
SELECT
    resource_key,
    CASE
        WHEN connection_status = 'AVAILABLE' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN connection_status = 'AVAILABLE' THEN 'available'
        ELSE 'the connection is ' || lower(connection_status)
    END AS reason
FROM connections
ORDER BY resource_key;
