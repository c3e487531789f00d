/* ---
title = "Cluster follows a release channel"
description = """
Clusters of a channel take up tested versions by themselves.
"""
tables = ["inventory.resources"]

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "gcp"
resource_type = "container.googleapis.com/Cluster"
--- */
WITH clusters AS (
    SELECT
        resource_key,
        coalesce(nullif(config ->> '$.releaseChannel.channel', 'UNSPECIFIED'), 'none') AS channel
    FROM inventory.resources
    WHERE type = 'container.googleapis.com/Cluster'
)
SELECT
    resource_key,
    CASE
        WHEN channel = 'none' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN channel = 'none' THEN 'no release channel'
        ELSE 'channel ' || lower(channel)
    END AS reason
FROM clusters
ORDER BY resource_key;
