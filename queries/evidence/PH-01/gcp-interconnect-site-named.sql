/* ---
title = "Dedicated line says where our end is"
description = """
A dedicated line ends in a room that somebody has to lock: a data centre of ours, or a colocation that has a report
of its own. The label site_tag names it; Google only knows its own end. Lines that are not set up are left out.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "site_tag"
type = "text"
default = "site"
description = "The tag or label that names the place at our end."

[check]
control = "PH-01"
criteria = ["CC6.4"]
provider = "gcp"
resource_type = "compute.googleapis.com/Interconnect"
--- */
WITH lines AS (
    SELECT
        resource_key,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        coalesce(config ->> '$.state', 'UNSPECIFIED') AS line_state,
        coalesce(regexp_extract(config ->> '$.location', '[^/]+$'), 'unknown') AS far_end
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/Interconnect'
)
SELECT
    resource_key,
    CASE
        WHEN line_state = 'UNPROVISIONED' THEN 'not_applicable'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN line_state = 'UNPROVISIONED' THEN 'the line is not set up'
        WHEN site IS NOT NULL THEN 'our end is at ' || site
        ELSE 'nobody says where our end is; the far end is ' || far_end
    END AS reason
FROM lines
ORDER BY resource_key;
