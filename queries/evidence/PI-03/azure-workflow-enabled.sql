/* ---
title = "Workflow is on"
description = """
A logic app that somebody switched off, or that was suspended, leaves its step of the processing undone.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "azure"
resource_type = "microsoft.logic/workflows"
--- */
WITH workflows AS (
    SELECT
        resource_key,
        config ->> '$.properties.state' AS state
    FROM inventory.resources
    WHERE type = 'microsoft.logic/workflows'
)
SELECT
    resource_key,
    CASE
        WHEN state IS NULL THEN 'unknown'
        WHEN state = 'Enabled' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state = 'Enabled' THEN 'on'
        ELSE 'state ' || state
    END AS reason
FROM workflows
ORDER BY resource_key;
