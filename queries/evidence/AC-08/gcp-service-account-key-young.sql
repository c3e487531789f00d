/* ---
title = "Key of a service account is at most 90 days old"
description = """
A key that is never changed is worth more every day to whoever has copied it. Keys that Google manages and disabled
keys are left out.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 90
description = "How old a key may be, in days."

[check]
control = "AC-08"
criteria = ["CC6.1", "CC6.2"]
provider = "gcp"
resource_type = "iam.googleapis.com/ServiceAccountKey"
--- */
WITH account_keys AS (
    SELECT
        resource_key,
        config ->> '$.keyType' AS key_type,
        coalesce(config ->> '$.disabled', 'false') = 'true' AS is_disabled,
        try_cast(config ->> '$.validAfterTime' AS TIMESTAMP) AS valid_from,
        try_cast(config ->> '$.validBeforeTime' AS TIMESTAMP) AS valid_until,
        (SELECT max(finished_at) FROM inventory.runs) AS today
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/ServiceAccountKey'
)

SELECT
    resource_key,
    CASE
        WHEN key_type = 'SYSTEM_MANAGED' THEN 'not_applicable'
        WHEN is_disabled THEN 'not_applicable'
        WHEN valid_from IS NULL THEN 'unknown'
        WHEN date_diff('day', valid_from, today) <= coalesce(getvariable('max_age_days'), 90) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN key_type = 'SYSTEM_MANAGED' THEN 'kept and rotated by Google'
        WHEN is_disabled THEN 'disabled'
        WHEN valid_from IS NULL THEN 'its age is not known'
        ELSE date_diff('day', valid_from, today) || ' days old'
    END AS reason
FROM account_keys
ORDER BY resource_key;
