/* ---
title = "Bucket lets objects go by rule"
description = """
A lifecycle rule with a delete action removes objects when their time is over. The API leaves the member out where
there are no rules.
"""
tables = ["inventory.resources"]

[check]
control = "CF-02"
criteria = ["C1.2", "P4.2"]
provider = "gcp"
resource_type = "storage.googleapis.com/Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_filter(
            json_extract(config, '$.lifecycle.rule[*]'), lambda rule: (rule ->> '$.action.type') = 'Delete'
        ) AS delete_rules
    FROM inventory.resources
    WHERE type = 'storage.googleapis.com/Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN len(delete_rules) > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(delete_rules) > 0 THEN 'rules that delete: ' || len(delete_rules)
        ELSE 'no rule deletes objects'
    END AS reason
FROM buckets
ORDER BY resource_key;
