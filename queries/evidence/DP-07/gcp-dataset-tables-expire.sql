/* ---
title = "Dataset lets tables expire"
description = """
A default expiration removes tables and partitions that nobody deletes.
"""
tables = ["inventory.resources"]

[check]
control = ["DP-07", "CF-02"]
criteria = ["CC6.5", "C1.2", "P4.2", "P4.3"]
provider = "gcp"
resource_type = "bigquery.googleapis.com/Dataset"
--- */
WITH datasets AS (
    SELECT
        resource_key,
        coalesce(
            try_cast(config ->> '$.defaultTableExpirationMs' AS BIGINT),
            try_cast(config ->> '$.defaultPartitionExpirationMs' AS BIGINT)
        ) AS milliseconds
    FROM inventory.resources
    WHERE type = 'bigquery.googleapis.com/Dataset'
)
SELECT
    resource_key,
    CASE
        WHEN milliseconds IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN milliseconds IS NULL THEN 'no default expiration'
        ELSE 'expires after ' || milliseconds // 86400000 || ' days'
    END AS reason
FROM datasets
ORDER BY resource_key;
