/* ---
title = "Cluster asks for trusted images"
description = """
The cluster applies the project's policy for images. Absent means off.
"""
tables = ["inventory.resources"]

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.binaryAuthorization.evaluationMode', 'DISABLED') AS mode,
        coalesce(config ->> '$.binaryAuthorization.enabled', 'false') = 'true' AS is_on_older
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN contains(mode, 'ENFORCE') THEN 'pass'
        WHEN is_on_older THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN contains(mode, 'ENFORCE') THEN lower(mode)
        WHEN is_on_older THEN 'binary authorization on'
        ELSE 'evaluation mode ' || lower(mode)
    END AS reason
FROM clusters
ORDER BY resource_key;
