/* ---
title = "Database is marked with its classification"
description = """
Confidential data can be kept safe only where it is known to be. The tag with one of the keys of tag_keys has to be on
the store; what its value should be is for the classification scheme to say.
"""
tables = ["inventory.resource_tags", "inventory.resources"]

[[parameters]]
name = "tag_keys"
type = "text"
default = "classification,data-classification,dataclassification,confidentiality"
description = "Keys that count, with commas between; case and underscores do not matter."

[check]
control = "CF-01"
criteria = ["C1.1"]
provider = "aws"
resource_type = "AWS::RDS::DBInstance"
--- */
WITH marks AS (
    SELECT resource_key, min(tag_key || '=' || tag_value) AS mark
    FROM inventory.resource_tags
    WHERE list_contains(
        string_split(
            coalesce(
                getvariable('tag_keys'), 'classification,data-classification,dataclassification,confidentiality'
            ),
            ','
        ),
        replace(lower(tag_key), '_', '-')
    )
    GROUP BY resource_key
),
stores AS (
    SELECT
        resource_key
    FROM inventory.resources
    WHERE type = 'AWS::RDS::DBInstance'
)
SELECT
    stores.resource_key,
    CASE
        WHEN marks.resource_key IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN marks.resource_key IS NULL THEN 'no tag names a classification'
        ELSE 'marked ' || marks.mark
    END AS reason
FROM stores
LEFT JOIN marks ON marks.resource_key = stores.resource_key
ORDER BY stores.resource_key;
