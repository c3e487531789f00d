/* ---
title = "Secret was changed within a year"
description = """
Rotated or not, a value that is older than 365 days has been seen by too many people and machines.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 365
description = "How old a value may be, in days."

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "AWS::SecretsManager::Secret"
--- */
WITH secrets AS (
    SELECT
        resource_key,
        json_exists(config, '$.DeletedDate') AS is_deleted,
        coalesce(
            try_cast(config ->> '$.LastChangedDate' AS TIMESTAMP),
            make_timestamp(CAST(try_cast(config ->> '$.LastChangedDate' AS DOUBLE) * 1000000 AS BIGINT)),
            created_at
        ) AS changed_on,
        (SELECT max(finished_at) FROM inventory.runs) AS today,
        coalesce(getvariable('max_age_days'), 365) AS max_age_days
    FROM inventory.resources
    WHERE type = 'AWS::SecretsManager::Secret'
)

SELECT
    resource_key,
    CASE
        WHEN is_deleted THEN 'not_applicable'
        WHEN changed_on IS NULL THEN 'unknown'
        WHEN date_diff('day', changed_on, today) <= max_age_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_deleted THEN 'to be deleted'
        WHEN changed_on IS NULL THEN 'its last change is not known'
        ELSE 'last changed on ' || strftime(changed_on, '%Y-%m-%d')
    END AS reason
FROM secrets
ORDER BY resource_key;
