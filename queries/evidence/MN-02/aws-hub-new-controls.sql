/* ---
title = "Findings hub takes up new controls"
description = """
Standards grow; new controls are switched on by themselves. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "MN-02"
criteria = ["CC4.1", "CC7.1"]
provider = "aws"
resource_type = "AWS::SecurityHub::Hub"
--- */
WITH hubs AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.AutoEnableControls', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::SecurityHub::Hub'
)
SELECT
    resource_key,
    CASE
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on THEN 'new controls are taken up'
        ELSE 'new controls stay off'
    END AS reason
FROM hubs
ORDER BY resource_key;
