/* ---
title = "Dataset lets tables or partitions go"
description = """
A default expiration on a dataset removes new tables or partitions when their time is over. The API leaves both out
where none is set.
"""
tables = ["inventory.resources"]

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "gcp"
resource_type = "bigquery.googleapis.com/Dataset"
--- */
WITH datasets AS (
    SELECT
        resource_key,
        CAST(config ->> '$.defaultTableExpirationMs' AS BIGINT) // 86400000 AS table_days,
        CAST(config ->> '$.defaultPartitionExpirationMs' AS BIGINT) // 86400000 AS partition_days
    FROM inventory.resources
    WHERE type = 'bigquery.googleapis.com/Dataset'
)
SELECT
    resource_key,
    CASE
        WHEN table_days IS NOT NULL THEN 'pass'
        WHEN partition_days IS NOT NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN table_days IS NOT NULL THEN 'tables go after ' || table_days || ' days'
        WHEN partition_days IS NOT NULL THEN 'partitions go after ' || partition_days || ' days'
        ELSE 'nothing goes by itself'
    END AS reason
FROM datasets
ORDER BY resource_key;
