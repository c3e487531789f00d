/* ---
title = "Autoscale setting is on"
description = """
A setting that is switched off leaves capacity where somebody last put it.
"""
tables = ["inventory.resources"]

[check]
control = "AV-01"
criteria = ["A1.1"]
provider = "azure"
resource_type = "microsoft.insights/autoscalesettings"
--- */
WITH settings AS (
    SELECT
        resource_key,
        CAST(config ->> '$.properties.enabled' AS BOOLEAN) AS is_on,
        config ->> '$.properties.targetResourceUri' AS target
    FROM inventory.resources
    WHERE type = 'microsoft.insights/autoscalesettings'
)
SELECT
    resource_key,
    CASE
        WHEN is_on IS NULL THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_on IS NULL THEN 'the state is not in the answer'
        WHEN is_on THEN 'on'
        ELSE 'off' || coalesce(' for ' || target, '')
    END AS reason
FROM settings
ORDER BY resource_key;
