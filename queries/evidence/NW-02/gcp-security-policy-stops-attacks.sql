/* ---
title = "Security policy stops something"
description = """
A policy whose rules all allow, or are in preview, only watches. At least one rule that is in force has to deny,
redirect, throttle or ban.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6"]
provider = "gcp"
resource_type = "compute.googleapis.com/SecurityPolicy"
--- */
WITH policies AS (
    SELECT
        resource_key,
        json_exists(config, '$.rules') AS is_known,
        list_filter(
            json_extract(config, '$.rules[*]'),
            lambda rule: coalesce(rule ->> '$.preview', 'false') = 'false'
                AND coalesce(rule ->> '$.action', 'allow') <> 'allow'
        ) AS stopping
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/SecurityPolicy'
)

SELECT
    resource_key,
    CASE WHEN len(stopping) > 0 THEN 'pass' WHEN is_known THEN 'fail' ELSE 'unknown' END AS status,
    CASE
        WHEN len(stopping) > 0 THEN 'rules that stop traffic: ' || len(stopping)
        WHEN is_known THEN 'no rule that is in force stops anything'
        ELSE 'its rules are not known'
    END AS reason
FROM policies
ORDER BY resource_key;
