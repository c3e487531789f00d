/* ---
title = "Dataset is not public"
description = """
Everybody with an account could query the tables. Looks at the access entries of each dataset.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "gcp"
resource_type = "bigquery.googleapis.com/Dataset"
--- */
WITH datasets AS (
    SELECT
        resource_key,
        len(list_filter(
            json_extract(config, '$.access[*]'),
            lambda entry: (entry ->> '$.specialGroup') = 'allAuthenticatedUsers'
                OR (entry ->> '$.iamMember') = 'allUsers'
        )) AS public_entries
    FROM inventory.resources
    WHERE type = 'bigquery.googleapis.com/Dataset'
)
SELECT
    resource_key,
    CASE
        WHEN public_entries > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN public_entries > 0 THEN 'an access entry lets everybody in'
        ELSE 'no public access entry'
    END AS reason
FROM datasets
ORDER BY resource_key;
