/* ---
title = "Bucket deletes old objects"
description = """
A lifecycle rule removes objects when their time is over.
"""
tables = ["inventory.resources"]

[check]
control = ["DP-07", "CF-02"]
criteria = ["CC6.5", "C1.2", "P4.2", "P4.3"]
provider = "gcp"
resource_type = "storage.googleapis.com/Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        len(list_filter(
            json_extract_string(config, '$.lifecycle.rule[*].action.type'),
            lambda action: action = 'Delete'
        )) AS deleting_rules,
        NOT json_exists(config, '$.kind') AS from_listing
    FROM inventory.resources
    WHERE type = 'storage.googleapis.com/Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN deleting_rules > 0 THEN 'pass'
        WHEN from_listing THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN deleting_rules > 0 THEN deleting_rules || ' rules delete objects'
        WHEN from_listing THEN 'lifecycle rules were not read'
        ELSE 'no rule deletes objects'
    END AS reason
FROM buckets
ORDER BY resource_key;
