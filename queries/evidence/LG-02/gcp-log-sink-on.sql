/* ---
title = "Log sink is on"
description = """
A sink that is off keeps no copy of the log outside the project.
"""
tables = ["inventory.resources"]

[check]
control = "LG-02"
criteria = ["CC7.2", "CC6.1"]
provider = "gcp"
resource_type = "logging.googleapis.com/LogSink"
--- */
WITH sinks AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.disabled', 'false') = 'true' AS is_off,
        coalesce(config ->> '$.destination', 'nowhere') AS destination
    FROM inventory.resources
    WHERE type = 'logging.googleapis.com/LogSink'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        ELSE 'sends to ' || destination
    END AS reason
FROM sinks
ORDER BY resource_key;
