/* ---
title = "Dedicated line says where our end is"
description = """
A dedicated line ends in a room that somebody has to lock: a data centre of ours, or a colocation that has a report
of its own. The tag site_tag names it; AWS only knows its own end. Lines that are deleted or rejected are left out.
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
provider = "aws"
resource_type = "AWS::DirectConnect::Connection"
--- */
WITH lines AS (
    SELECT
        resource_key,
        nullif(trim(tags ->> coalesce(getvariable('site_tag'), 'site')), '') AS site,
        coalesce(config ->> '$.connectionState', 'unknown') AS line_state,
        coalesce(config ->> '$.location', 'unknown') AS far_end
    FROM inventory.resources
    WHERE type = 'AWS::DirectConnect::Connection'
)
SELECT
    resource_key,
    CASE
        WHEN line_state IN ('deleted', 'deleting', 'rejected') THEN 'not_applicable'
        WHEN site IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN line_state IN ('deleted', 'deleting', 'rejected') THEN 'the line is ' || line_state
        WHEN site IS NOT NULL THEN 'our end is at ' || site
        ELSE 'nobody says where our end is; the far end is ' || far_end
    END AS reason
FROM lines
ORDER BY resource_key;
