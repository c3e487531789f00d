/* ---
title = "Image repository keeps tags as they are"
description = """
A tag that cannot move names the image that was approved.
"""
tables = ["inventory.resources"]

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "aws"
resource_type = "AWS::ECR::Repository"
--- */
WITH repositories AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.imageTagMutability', 'not stated') AS mutability
    FROM inventory.resources
    WHERE type = 'AWS::ECR::Repository'
)
SELECT
    resource_key,
    CASE
        WHEN starts_with(mutability, 'IMMUTABLE') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN starts_with(mutability, 'IMMUTABLE') THEN 'tags cannot move'
        ELSE 'tags are ' || lower(mutability)
    END AS reason
FROM repositories
ORDER BY resource_key;
